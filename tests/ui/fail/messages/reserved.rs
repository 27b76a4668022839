use spawn::prelude::*;

#[message(name = "shop.A", reserved(2, 5..=7, 7..9, 2, "old", "old"))]
pub struct A {}

#[message(name = "shop.B", reserved(0, 7..=5, 5..5, 536870912))]
pub struct B {}

#[message(name = "shop.C", reserved = 4)]
pub struct C {}

#[message(name = "shop.D", reserved(4,, old))]
pub struct D {}

#[message(name = "shop.E", reserved(100..))]
pub struct E {
    #[message(tag = 4000)]
    a: i64,
}

fn main() {}
