//! Every type that a field can have, with tags of every sort.

use std::collections::{BTreeMap, HashMap};

use spawn::prelude::*;
use spawn::prost::Message;

#[message(name = "pass.Colour")]
#[derive(Copy, Eq, Hash)]
pub enum Colour {
    None,
    Red = 7,
    Green,
}

#[message(name = "pass.Inner")]
pub struct Inner {
    pub text: String,
}

pub type Text = String;

#[message(name = "pass.Outer")]
pub struct Outer {
    pub alias: Text,
    pub flag: bool,
    pub bytes: Vec<u8>,
    pub colour: Colour,
    pub inner: Inner,
    pub boxed: Option<Box<Outer>>,
    pub many: Vec<Inner>,
    pub colours: Vec<Colour>,
    pub map: HashMap<String, Inner>,
    pub sorted: BTreeMap<i32, Colour>,
    pub maybe: Option<i64>,
}

fn main() {
    let outer = Outer { colour: Colour::Red, maybe: Some(0), ..Outer::default() };
    assert_eq!(Outer::decode(&*outer.encode_to_vec()).unwrap(), outer);
}
