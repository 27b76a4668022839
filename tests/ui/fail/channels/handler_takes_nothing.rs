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

#[actor(channels = [("order.events", tick)])]
impl Shop {
    #[action]
    fn tick(&mut self) {
        self.orders += 1;
    }
}

fn main() {}
