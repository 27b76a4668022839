//! Every type that a field can have, with tags and encodings of every sort.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use spawn::prelude::*;
use spawn::prost::Message;

#[message(name = "pass.Colour", reserved(1..=6, -1, 100.., "Blue"))]
#[derive(Copy, Eq, Hash)]
pub enum Colour {
    None,
    Red = 7,
    Green,
    Minus = -2,
}

#[message(name = "pass.Inner")]
pub struct Inner {
    pub text: String,
}

pub type Text = String;
pub type Numbers = HashMap<i64, i32>;

#[message(name = "pass.Outer", reserved(2, 7..9, 500_000_000.., "old"))]
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
    pub chunks: Vec<Vec<u8>>,
    pub at: SystemTime,
    pub took: Option<Duration>,
    pub times: BTreeMap<bool, SystemTime>,
    #[message(sint)]
    pub signed: i64,
    #[message(fixed)]
    pub fixed: Vec<u32>,
    #[message(keys = sint, fixed)]
    pub numbers: Numbers,
    pub choice: Choice,
    pub choices: Vec<Choice>,
}

#[message(name = "pass.Choice")]
#[derive(Default)]
pub enum Choice {
    Again(Box<Choice>),
    Inner(Inner),
    #[message(fixed)]
    Number(u64),
    Bytes(Vec<u8>),
    Colour(Colour),
    Alias(Text),
    At(SystemTime),
    #[default]
    Nothing,
}

#[message(name = "pass.Oneofs", reserved(30))]
pub struct Oneofs {
    #[message(tag = 20)]
    pub last: i64,
    #[message(oneof)]
    pub choice: Option<Choice>,
    #[message(tag = 9)]
    pub middle: i64,
    #[message(oneof)]
    pub other: std::option::Option<Other>,
}

#[message(name = "pass.Other")]
pub enum Other {
    #[message(tag = 12)]
    A(i64),
    #[message(tag = 536_870_911)]
    B(()),
}

#[message(name = "pass.EventPayload")]
pub struct Kept {
    last: Choice,
}

// An enum with data is a message, so that it is a payload, an event and a response.
#[actor(channels = [("choices", choose)])]
impl Kept {
    #[action]
    fn choose(&mut self, choice: Choice) -> Choice {
        std::mem::replace(&mut self.last, choice)
    }
}

fn main() {
    let outer = Outer { colour: Colour::Red, maybe: Some(0), ..Outer::default() };
    assert_eq!(Outer::decode(&*outer.encode_to_vec()).unwrap(), outer);
    assert_eq!(outer.choice, Choice::Nothing);
    assert_eq!(outer.at, SystemTime::UNIX_EPOCH);
    let oneofs = Oneofs { choice: Some(Choice::Number(7)), other: Some(Other::B(())), last: 1, middle: 2 };
    let bytes = oneofs.encode_to_vec();
    assert_eq!(Oneofs::decode(&*bytes).unwrap(), oneofs);
    // By their tags: the choice (its first is 1), the middle, the other, the last.
    assert_eq!(bytes[0], 3 << 3 | 1);
    assert_eq!(bytes[9..], [9 << 3, 2, 0xfa, 0xff, 0xff, 0xff, 0x0f, 0, 0xa0, 1, 1]);
}
