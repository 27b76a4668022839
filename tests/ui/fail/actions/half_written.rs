// style: G1
// says: "unexpected token: `;`"

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn count(&mut self) {
        let _orders = self.;
    }
}

fn main() {}
