use spawn::prelude::*;

#[message(name = "shop.order")]
fn order() {}

fn main() {}
