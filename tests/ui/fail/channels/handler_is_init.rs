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

#[actor(channels = [("order.events", begin)])]
impl Shop {
    #[init]
    fn begin(&mut self) {
        self.orders = 0;
    }
}

fn main() {}
