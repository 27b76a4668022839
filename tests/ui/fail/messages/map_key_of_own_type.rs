// style: I4
// says: E0277

use std::collections::{BTreeMap, HashMap};

use spawn::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

#[message(name = "ui.Status")]
#[derive(PartialOrd, Ord)]
pub enum Status {
    Open,
}

#[message(name = "ui.Order")]
pub struct Order {
    a: HashMap<Id, i64>,
    b: BTreeMap<Status, i64>,
}

fn main() {}
