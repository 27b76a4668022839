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

#[actor(channels = [("order.events", handle)])]
impl Shop {
    #[action(name = "on_created")]
    fn handle(&mut self, event: Created) {
        self.orders += event.id.len() as i64;
    }
}

fn main() {}
