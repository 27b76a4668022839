//! First light.
#![expect(missing_docs, clippy::unwrap_used, reason = "a test")]
use std::collections::HashMap;
use spawn::prelude::*;

#[message(name = "shop.Order")]
pub struct Order { pub id: String, pub amount: f64, tags: Vec<String>, n: Vec<i32>, raw: Vec<u8>, status: Status, next: Option<Box<Order>> }

#[message(name = "shop.Status")]
pub enum Status { Pending, Paid = 3, Sent }

#[message(name = "shop.OrderCreated")]
pub struct OrderCreated { pub order_id: String }

#[message(name = "shop.Shop")]
pub struct Shop { orders: HashMap<String, Order>, count: i64 }

#[derive(Debug, thiserror::Error)]
#[error("bad")]
pub struct Bad;

type Res<T> = Result<T, Bad>;

#[actor]
impl Shop {
    #[action]
    fn create(&mut self, order: Order) -> Value<Order> {
        self.orders.insert(order.id.clone(), order.clone());
        let event = OrderCreated { order_id: order.id.clone() };
        Value::from(order).broadcast(Broadcast::to("order.events", event))
    }
    #[action]
    fn count(&self) -> i64 { self.orders.len() as i64 }
    #[action]
    fn fail(&mut self, n: i64) -> Res<i64> { self.count += n; Err(Bad) }
    #[action]
    async fn slow(&mut self, ctx: &Context, n: i64) -> Res<i64> { tokio::time::sleep(std::time::Duration::from_millis(5)).await; self.count += n; assert!(ctx.caller().is_none()); Ok(self.count) }
    #[action]
    fn panics(&mut self) { self.count = 99; panic!("no") }
    #[action]
    fn maybe(&self, id: String) -> Option<Order> { self.orders.get(&id).cloned() }
}

#[derive(Default)]
pub struct Mailer { sent: i64 }

#[actor(stateful = false, channels = [("order.events", on_order), ("order.*", "OnOrder")])]
impl Mailer {
    #[action]
    fn on_order(&mut self, event: OrderCreated) { self.sent += event.order_id.len() as i64; }
    #[action(name = "on_order")]
    async fn on_number(&mut self, event: i64) { self.sent += event; }
    #[action]
    fn sent(&self) -> i64 { self.sent }
}

#[tokio::test]
async fn it_works() {
    let system = System::builder("shop").start().await.unwrap();
    let shop = system.actor::<Shop>();
    let order = Order { id: "o1".into(), amount: 2.5, status: Status::Sent, next: Some(Box::default()), ..Order::default() };
    assert_eq!(shop.create(order.clone()).await.unwrap(), order);
    assert_eq!(shop.count().await.unwrap(), 1);
    println!("{:?}", shop.fail(3).await.unwrap_err());
    assert_eq!(shop.slow(4).await.unwrap(), 4);
    println!("{:?}", shop.panics().await.unwrap_err());
    assert_eq!(shop.slow(4).await.unwrap(), 8);
    assert_eq!(shop.maybe("o1".into()).await.unwrap().unwrap(), order);
    let parcel = system.invoke("shop", "Count", ()).await.unwrap();
    assert_eq!(parcel.decode::<i64>().unwrap(), 1);
    println!("{:?}", system.invoke("shop", "Count", 5_i64).await.unwrap_err());
    println!("{:?}", system.invoke("shop", "Cunt", 5_i64).await.unwrap_err());
    println!("{:?}", system.invoke("shp", "Count", 5_i64).await.unwrap_err());
    println!("{:?}", system.invoke("shop", "get", ()).await.unwrap());
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(system.actor::<Mailer>().sent().await.unwrap(), 4);
    println!("{}", Shop::definition());
    system.shutdown().await.unwrap();
}
