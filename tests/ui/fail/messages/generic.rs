// style: I5
// says: message_is_generic

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order<T> {
    item: T,
}

#[message(name = "ui.Line")]
pub struct Line<'a> {
    sku: &'a str,
}

fn main() {}
