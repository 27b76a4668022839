// style: D5
// says: never_response

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn a(&self) -> ! {
        std::process::abort()
    }
}

fn main() {}
