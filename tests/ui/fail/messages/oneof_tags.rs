use spawn::prelude::*;

#[message(name = "shop.Card")]
pub struct Card {}

#[message(name = "shop.Payment")]
pub enum Payment {
    #[message(tag = 3)]
    Card(Card),
    #[message(tag = 4)]
    Cash(i64),
}

#[message(name = "shop.Refund")]
pub enum Refund {
    #[message(tag = 4)]
    Voucher(String),
}

#[message(name = "shop.Field")]
pub struct Field {
    #[message(tag = 1)]
    id: String,
    #[message(tag = 3)]
    note: String,
    #[message(oneof)]
    payment: Option<Payment>,
}

#[message(name = "shop.Another")]
pub struct Another {
    #[message(oneof)]
    payment: Option<Payment>,
    #[message(oneof)]
    refund: Option<Refund>,
}

#[message(name = "shop.Reserved", reserved(4..=9))]
pub struct Reserved {
    #[message(oneof)]
    payment: Option<Payment>,
}

fn main() {}
