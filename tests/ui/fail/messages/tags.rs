use spawn::prelude::*;

#[message(name = "shop.A", reserved(2, 5..=7, "old"))]
pub struct A {
    #[message(tag = 0)]
    a: i64,
    #[message(tag = 19500)]
    b: i64,
    #[message(tag = 536870912)]
    c: i64,
    #[message(tag = 1)]
    d: i64,
    #[message(tag = 1)]
    e: i64,
    #[message(tag = 6)]
    f: i64,
    #[message(tag = 8)]
    old: i64,
}

#[message(name = "shop.B")]
pub struct B {
    #[message(tag = 3)]
    a: i64,
    b: i64,
}

#[message(name = "shop.C", reserved(x))]
pub struct C {}

#[message(name = "shop.D")]
pub struct D {
    #[message(tga = 3)]
    a: i64,
}

fn main() {}
