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

#[actor(kind = unamed)]
impl Shop {}

#[message(name = "ui.Other")]
pub struct Other {}

#[actor(kind = "unnamed")]
impl Other {}

#[message(name = "ui.Third")]
pub struct Third {}

#[actor(kind = :unnamed)]
impl Third {}

#[message(name = "ui.Fourth")]
pub struct Fourth {}

#[actor(kind = blue)]
impl Fourth {}

fn main() {}
