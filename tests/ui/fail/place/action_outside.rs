// style: A3
// says: outside_of_actor

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

impl Shop {
    #[action]
    fn create(&mut self, _event: Created) {}
}

// The method is still there.
fn elsewhere(shop: &mut Shop) {
    shop.create(Created::default());
}

fn main() {}
