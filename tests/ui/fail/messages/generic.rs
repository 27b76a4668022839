use spawn::prelude::*;

#[message(name = "shop.Order")]
pub struct Order<T> {
    item: T,
}

#[message(name = "shop.Line")]
pub struct Line<'a> {
    sku: &'a str,
}

fn main() {}
