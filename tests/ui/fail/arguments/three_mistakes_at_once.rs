use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Updated")]
pub struct Updated {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(nmae = "shop", channels = [("order.events", hndle)])]
impl Shop {
    #[action]
    fn handle(&mut self, event: Created) {
        self.orders += event.id.len() as i64;
    }

    #[action]
    fn consume(self) {}
}

// The rest of the program sees an actor all the same.
async fn elsewhere(system: System) -> spawn::Result<()> {
    system.actor::<Shop>().handle(Created::default()).await
}

fn main() {}
