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
    fn a(&self, _text: &str) {}

    #[action]
    fn b(&self, _bytes: &[u8]) {}

    #[action]
    fn c(&self, _any: &dyn std::fmt::Debug) {}

    #[action]
    fn d(&self, _event: &mut Created) {}

    #[action]
    fn e(&self, _context: &mut Context) {}
}

fn main() {}
