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
    #[init(name = "x")]
    fn a(&mut self) {}
}

fn main() {}
