//! Flows: what an action sets going beside its response.

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{Client, ErrorKind};

// ANCHOR: messages
#[message(name = "flows.Order")]
pub struct Order {
    pub id: String,
    pub cents: i64,
}

#[message(name = "flows.Receipt")]
pub struct Receipt {
    pub number: i64,
}
// ANCHOR_END: messages

// ANCHOR: pipe
#[message(name = "flows.Orders")]
pub struct Orders {
    open: Vec<String>,
}

#[actor(name = "flows_orders")]
impl Orders {
    /// The caller gets the receipt.
    #[action]
    fn place(&mut self, ctx: &Context, order: Order) -> Value<Receipt> {
        self.open.push(order.id.clone());
        let charge = Pipe::call(ctx.actor::<Billing>(), Client::<Billing>::charge);
        Value::from(order).pipe(charge)
    }

    #[action]
    fn open(&self) -> u64 {
        self.open.len() as u64
    }
}

#[message(name = "flows.Billing")]
pub struct Billing {
    receipts: i64,
}

#[actor(name = "flows_billing")]
impl Billing {
    #[action]
    fn charge(&mut self, order: Order) -> Result<Receipt, ActionError> {
        if order.cents <= 0 {
            return Err(ActionError::new("free", "there is nothing to pay").fatal());
        }
        self.receipts += 1;
        Ok(Receipt { number: self.receipts })
    }
}

#[tokio::test]
async fn the_caller_gets_what_the_last_one_responds() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Orders, Billing)>()).await?;
    let orders = system.actor::<Orders>();
    let receipt = orders.place(Order { id: "o-1".to_owned(), cents: 1_200 }).await?;
    assert_eq!(receipt.number, 1);

    // What the first action did stays if the second one fails.
    let error = orders.place(Order { id: "o-2".to_owned(), cents: 0 }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
    assert_eq!(orders.open().await?, 2);
    Ok(())
}
// ANCHOR_END: pipe

// ANCHOR: forward
#[derive(Default)]
pub struct Desk;

#[actor(stateful = false, name = "flows_desk")]
impl Desk {
    #[action]
    fn approve(&self, ctx: &Context, order: Order) -> Value<String> {
        if order.cents < 1_000 {
            Value::from("approved".to_owned())
        } else {
            Value::of().forward(ctx.actor::<Manager>().approve(order))
        }
    }
}

#[derive(Default)]
pub struct Manager;

#[actor(stateful = false, name = "flows_manager")]
impl Manager {
    #[action]
    fn approve(&self, order: Order) -> String {
        format!("{} approved by the manager", order.id)
    }
}

#[tokio::test]
async fn what_is_too_much_for_the_desk_is_forwarded() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Desk, Manager)>()).await?;
    let order = Order { id: "o-1".to_owned(), cents: 5_000 };
    assert_eq!(system.actor::<Desk>().approve(order).await?, "o-1 approved by the manager");
    Ok(())
}
// ANCHOR_END: forward

// ANCHOR: effect
#[message(name = "flows.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(name = "flows_shop")]
impl Shop {
    #[action]
    fn order(&mut self, ctx: &Context, sku: String) -> Value<i64> {
        self.orders += 1;
        Value::from(self.orders).effect(ctx.actor::<Stock>().reserve(sku))
    }
}

#[message(name = "flows.Stock")]
pub struct Stock {
    reserved: Vec<String>,
}

#[actor(name = "flows_stock")]
impl Stock {
    #[action]
    fn reserve(&mut self, sku: String) {
        self.reserved.push(sku);
    }

    #[action]
    fn reserved(&self) -> u64 {
        self.reserved.len() as u64
    }
}

#[tokio::test]
async fn an_effect_is_made_when_the_order_is_saved() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Shop, Stock)>()).await?;
    system.actor::<Shop>().order("mug".to_owned()).await?;
    system.settle().await;
    assert_eq!(system.actor::<Stock>().reserved().await?, 1);
    Ok(())
}
// ANCHOR_END: effect

// ANCHOR: group
#[message(name = "flows.Cart")]
pub struct Cart {
    items: i64,
}

#[actor(kind = unnamed, name = "flows_cart")]
impl Cart {
    #[action]
    fn add(&mut self, items: i64) -> i64 {
        self.items += items;
        self.items
    }
}

#[tokio::test]
async fn a_group_is_called_at_once() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Cart,)>()).await?;
    system.actor_by_id::<Cart>("bob").add(5).await?;
    let counts = system.group::<Cart>(["ann", "bob"]).invoke(|cart| cart.add(1)).await;
    let counts: Vec<i64> = counts.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(counts, [1, 6]);
    Ok(())
}
// ANCHOR_END: group

// ANCHOR: key
#[tokio::test]
async fn a_repeated_call_is_answered_once_more() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Cart,)>()).await?;
    let cart = system.actor_by_id::<Cart>("ann");
    assert_eq!(cart.add(1).idempotency_key("press-1").await?, 1);
    assert_eq!(cart.add(1).idempotency_key("press-1").await?, 1);
    assert_eq!(cart.add(0).await?, 1);
    Ok(())
}
// ANCHOR_END: key
