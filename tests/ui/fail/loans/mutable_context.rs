// style: D3
// says: mutable_loan

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn e(&self, _context: &mut Context) {}
}

fn main() {}
