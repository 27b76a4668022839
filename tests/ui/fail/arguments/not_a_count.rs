use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Updated")]
pub struct Updated {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(mailbox = 0)]
impl Shop {}

#[message(name = "ui.Other")]
pub struct Other {}

#[actor(mailbox = "100")]
impl Other {}

#[message(name = "ui.Third")]
pub struct Third {}

#[actor(mailbox = -1)]
impl Third {}

fn main() {}
