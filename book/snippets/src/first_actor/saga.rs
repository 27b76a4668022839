//! An event for one instance.

// ANCHOR: saga
use spawn::prelude::*;

#[message(name = "shop.OrderPaid")]
pub struct OrderPaid {
    pub order_id: String,
    pub cents: i64,
}

#[message(name = "shop.OrderShipped")]
pub struct OrderShipped {
    pub order_id: String,
}

#[message(name = "shop.OrderSaga")]
pub struct OrderSaga {
    paid: i64,
    shipped: bool,
}

#[actor(name = "order_saga", kind = unnamed, channels = [("order.*", follow)])]
impl OrderSaga {
    #[action(route = order_id)]
    fn follow(&mut self, event: OrderPaid) {
        self.paid += event.cents;
    }

    #[action(name = "follow", route = order_id)]
    fn follow_shipping(&mut self, _event: OrderShipped) {
        self.shipped = true;
    }

    #[action]
    fn is_done(&self) -> bool {
        self.paid > 0 && self.shipped
    }
}

pub async fn pay_and_ship(system: &System) -> spawn::Result<()> {
    let order_id = "order-7".to_owned();
    let paid = OrderPaid { order_id: order_id.clone(), cents: 990 };
    system.broadcast(Broadcast::to("order.paid", paid)).await?;
    system.broadcast(Broadcast::to("order.shipped", OrderShipped { order_id })).await?;
    system.settled().await;
    assert!(system.actor_by_id::<OrderSaga>("order-7").is_done().await?);
    assert!(!system.actor_by_id::<OrderSaga>("order-8").is_done().await?);
    Ok(())
}
// ANCHOR_END: saga

#[tokio::test]
async fn events_find_their_instance() -> spawn::Result<()> {
    let system = System::builder("saga").in_memory().start().await?;
    pay_and_ship(&system).await?;
    system.shutdown().await
}
