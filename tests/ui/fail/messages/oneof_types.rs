use std::collections::HashSet;

use spawn::prelude::*;

pub struct Plain;
pub type Many = Vec<i64>;

#[message(name = "shop.Payment")]
pub enum Payment {
    #[message(tag = 1)]
    Plain(Plain),
    #[message(tag = 2)]
    Many(Many),
    #[message(tag = 3, sint)]
    Text(String),
    #[message(tag = 4)]
    Set(HashSet<String>),
}

fn main() {}
