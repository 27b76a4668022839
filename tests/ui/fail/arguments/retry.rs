use spawn::prelude::*;

#[message(name = "ui.Paid")]
pub struct Paid {
    pub order: String,
    pub amount: f64,
}

#[message(name = "ui.First")]
pub struct First {
    orders: i64,
}

#[actor(retry = 5)]
impl First {
}

#[message(name = "ui.Second")]
pub struct Second {
    orders: i64,
}

#[actor(retry = { attempts = 0 })]
impl Second {
}

#[message(name = "ui.Third")]
pub struct Third {
    orders: i64,
}

#[actor(retry = { backoff = "0s", max = "3s" })]
impl Third {
}

#[message(name = "ui.Fourth")]
pub struct Fourth {
    orders: i64,
}

#[actor(retry = { backoff = "10s", max_backoff = "1s" })]
impl Fourth {
}

fn main() {}
