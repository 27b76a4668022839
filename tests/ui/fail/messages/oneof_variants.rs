use spawn::prelude::*;

#[message(name = "shop.Card")]
pub struct Card {}

#[message(name = "shop.Payment")]
pub enum Payment {
    Card { number: String },
    Cash(i64, String),
    Cheque(),
    Coins(Vec<i64>),
    Later(Option<Card>),
    Text(&str),
    Small(u8),
    Numbered = 4,
}

#[message(name = "shop.Tags", reserved(7, "Old"))]
pub enum Tags {
    #[message(tag = 1)]
    A(Card),
    #[message(tag = 1)]
    B(Card),
    C(Card),
    #[message(tag = 7)]
    D(Card),
    #[message(tag = 0)]
    E(Card),
    #[message(tag = 9, oneof)]
    F(Card),
    #[message(tag = 10)]
    Old(Card),
    #[message(tag = 11, sint)]
    G,
}

#[message(name = "shop.Endless")]
pub enum Endless {
    Node(Box<Endless>),
    Leaf(i64),
}

fn main() {
    let _tags = Tags::A(Card {}).clone() == Tags::default();
}
