// style: D4
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

pub struct Plain;

#[actor]
impl Shop {
    #[action]
    fn handle(&mut self, event: Event) {
        let _plain = event.decode::<Plain>();
    }
}

fn main() {}
