//! Every type that a field can have, with tags and encodings of every sort.
// style: I2, I4, I7, I8

#![expect(unused_qualifications, reason = "an `Option` by its path is one all the same")]

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use spawn::prelude::*;
use spawn::prost::Message;

#[message(name = "pass.Colour", reserved(1..=6, -1, 100.., "Blue"))]
#[derive(Copy, Eq, Hash)]
enum Colour {
    None,
    Red = 7,
    Green,
    Minus = -2,
}

#[message(name = "pass.Inner")]
struct Inner {
    text: String,
}

type Text = String;
type Numbers = HashMap<i64, i32>;

#[message(name = "pass.Outer", reserved(2, 7..9, 500_000_000.., "old"))]
struct Outer {
    alias: Text,
    flag: bool,
    bytes: Vec<u8>,
    colour: Colour,
    inner: Inner,
    boxed: Option<Box<Outer>>,
    many: Vec<Inner>,
    colours: Vec<Colour>,
    map: HashMap<String, Inner>,
    sorted: BTreeMap<i32, Colour>,
    maybe: Option<i64>,
    chunks: Vec<Vec<u8>>,
    at: SystemTime,
    took: Option<Duration>,
    times: BTreeMap<bool, SystemTime>,
    #[message(sint)]
    signed: i64,
    #[message(fixed)]
    fixed: Vec<u32>,
    #[message(keys = sint, fixed)]
    numbers: Numbers,
    choice: Choice,
    choices: Vec<Choice>,
}

#[message(name = "pass.Choice")]
#[derive(Default)]
enum Choice {
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
struct Oneofs {
    #[message(tag = 20)]
    last: i64,
    #[message(oneof)]
    choice: Option<Choice>,
    #[message(tag = 9)]
    middle: i64,
    #[message(oneof)]
    other: std::option::Option<Other>,
}

#[message(name = "pass.Other")]
enum Other {
    #[message(tag = 12)]
    A(i64),
    #[message(tag = 536_870_911)]
    B(()),
}

#[message(name = "pass.EventPayload")]
struct Kept {
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

#[test]
fn it_compiles() {
    let outer = Outer { colour: Colour::Red, maybe: Some(0), ..Outer::default() };
    assert_eq!(Outer::decode(&*outer.encode_to_vec()).unwrap(), outer);
    assert_eq!(outer.choice, Choice::Nothing);
    assert_eq!(outer.at, SystemTime::UNIX_EPOCH);
    let oneofs =
        Oneofs { choice: Some(Choice::Number(7)), other: Some(Other::B(())), last: 1, middle: 2 };
    let bytes = oneofs.encode_to_vec();
    assert_eq!(Oneofs::decode(&*bytes).unwrap(), oneofs);
    // By their tags: the choice (its first is 1), the middle, the other, the last.
    assert_eq!(bytes[0], 3 << 3 | 1);
    assert_eq!(bytes[9..], [9 << 3, 2, 0xfa, 0xff, 0xff, 0xff, 0x0f, 0, 0xa0, 1, 1]);
}
