// style: D6
// says: actor_is_generic

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop
where
    Self: Sized,
{
}

fn main() {}
