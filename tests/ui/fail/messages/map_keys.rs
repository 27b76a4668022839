use std::collections::{BTreeMap, HashMap};

use spawn::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

#[message(name = "shop.Line")]
#[derive(Eq, Hash)]
pub struct Line {}

#[message(name = "shop.Status")]
#[derive(PartialOrd, Ord)]
pub enum Status {
    Open,
}

#[message(name = "shop.Order")]
pub struct Order {
    a: HashMap<f64, i64>,
    b: BTreeMap<Vec<u8>, i64>,
    c: HashMap<u8, i64>,
    d: HashMap<&str, i64>,
}

#[message(name = "shop.Asked")]
pub struct Asked {
    a: HashMap<Id, i64>,
    b: BTreeMap<Status, i64>,
    c: HashMap<Line, i64>,
    d: HashMap<String, Id>,
}

fn main() {}
