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

#[actor()]
impl Shop {
    #[action]
    fn a(self) {}

    #[action]
    fn b(mut self) {
        self.orders = 1;
    }

    #[action]
    fn c(self: Box<Self>) {}
}

fn main() {}
