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

#[actor]
impl Shop {
    #[action(nme = "x")]
    fn a(&self) {}

    #[action("x")]
    fn b(&self) {}

    #[action(name = "")]
    fn c(&self) {}

    #[action(name = "d e")]
    fn d(&self) {}

    #[action(name = 3)]
    fn e(&self) {}
}

fn main() {}
