// style: B13
// says: unknown_key, not_an_action, owned_receiver

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(nmae = "shop", channels = [("order.events", hndle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

    #[action]
    fn consume(self) {}
}

// The rest of the program sees an actor all the same.
async fn elsewhere(system: System) -> spawn::Result<()> {
    system.actor::<Shop>().handle(Created::default()).await
}

fn main() {}
