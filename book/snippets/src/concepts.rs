//! The parts, and how they fit together.

// ANCHOR: program
use spawn::prelude::*;

#[message(name = "concepts.OrderCreated")]
pub struct OrderCreated {
    pub order_id: String,
}

/// The state. It is saved with each change.
#[message(name = "concepts.Orders")]
pub struct Orders {
    count: i64,
}

#[actor(name = "concepts_orders")]
impl Orders {
    /// An action: what it takes by value is the payload, what it returns is the response.
    #[action]
    fn create(&mut self, order_id: String) -> Result<Value<i64>, ActionError> {
        if order_id.is_empty() {
            return Err(ActionError::new("no_id", "an order needs an id").fatal());
        }
        self.count += 1;
        let event = OrderCreated { order_id };
        Ok(Value::from(self.count).broadcast(Broadcast::to("order.events", event)))
    }
}

/// Listens to the channel. Neither of the two knows the other.
#[message(name = "concepts.Report")]
pub struct Report {
    orders: Vec<String>,
}

#[actor(name = "concepts_report", channels = [("order.events", note)])]
impl Report {
    #[action]
    fn note(&mut self, event: OrderCreated) {
        self.orders.push(event.order_id);
    }

    #[action]
    fn last(&self) -> Option<String> {
        self.orders.last().cloned()
    }
}
// ANCHOR_END: program

// ANCHOR: run
#[tokio::test]
async fn an_order_is_reported() -> spawn::Result<()> {
    let system = System::builder("concepts").in_memory().only::<(Orders, Report)>().start().await?;
    let orders = system.actor::<Orders>();
    assert_eq!(orders.create("o-1".to_owned()).await?, 1);

    // Changes nothing and publishes nothing.
    assert!(orders.create(String::new()).await.is_err());
    assert_eq!(orders.create("o-2".to_owned()).await?, 2);

    system.settled().await;
    assert_eq!(system.actor::<Report>().last().await?.as_deref(), Some("o-2"));
    system.shutdown().await
}
// ANCHOR_END: run
