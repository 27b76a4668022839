// style: E1
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {}

fn elsewhere() {
    let _builder = System::builder("ui").only::<Shop>();
}

fn main() {}
