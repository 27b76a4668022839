// style: E3
// says: E0277

use spawn::prelude::*;

#[derive(Default)]
pub struct Shop {
    orders: std::rc::Rc<i64>,
}

#[actor(stateful = false)]
impl Shop {
    #[action]
    fn orders(&self) -> i64 {
        *self.orders
    }
}

fn main() {}
