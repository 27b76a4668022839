//! Events.

// ANCHOR: till
use spawn::prelude::*;

#[message(name = "shop.Paid")]
pub struct Paid {
    pub amount: i64,
}

#[message(name = "shop.Till")]
pub struct Till {
    count: i64,
}

#[actor(name = "till")]
impl Till {
    #[action]
    fn pay(&mut self, amount: i64) -> Value<()> {
        self.count += 1;
        Value::of().broadcast(Broadcast::to("shop.payments", Paid { amount }))
    }
}

#[message(name = "shop.Ledger")]
pub struct Ledger {
    total: i64,
}

#[actor(name = "ledger", channels = [("shop.*", book)])]
impl Ledger {
    #[action]
    fn book(&mut self, paid: Paid) {
        self.total += paid.amount;
    }

    #[action]
    fn total(&self) -> i64 {
        self.total
    }
}

pub async fn pay_twice(system: &System) -> spawn::Result<()> {
    system.actor::<Till>().pay(5).await?;
    system.actor::<Till>().pay(7).await?;
    system.settled().await;
    assert_eq!(system.actor::<Ledger>().total().await?, 12);
    Ok(())
}
// ANCHOR_END: till

#[tokio::test]
async fn each_payment_is_booked_once() -> spawn::Result<()> {
    let system = System::builder("till").in_memory().start().await?;
    pay_twice(&system).await?;
    system.shutdown().await
}
