//! Whatever bytes are in the store, what is shown of them is JSON, and nothing panics.

use proptest::prelude::*;
use prost::Message as _;

use super::catalog::Catalog;
use super::{ALONE, IN_LIST, Shown, decode};
use crate::prelude::*;

#[message(name = "admin_payload.Leaf")]
struct Leaf {
    text: String,
    number: i64,
}

#[message(name = "admin_payload.State")]
enum State {
    Off,
    On,
}

#[message(name = "admin_payload.Choice")]
enum Choice {
    #[message(tag = 20)]
    Leaf(Leaf),
    #[message(tag = 21)]
    Number(u32),
    #[message(tag = 22)]
    Nothing,
}

#[message(name = "admin_payload.Tree")]
struct Tree {
    #[message(tag = 1)]
    leaf: Leaf,
    #[message(tag = 2)]
    leaves: Vec<Leaf>,
    #[message(tag = 3)]
    numbers: Vec<i32>,
    #[message(tag = 4, fixed)]
    fixed: Vec<u64>,
    #[message(tag = 5)]
    floats: Vec<f32>,
    #[message(tag = 6)]
    states: Vec<State>,
    #[message(tag = 7)]
    by_number: std::collections::BTreeMap<i64, Leaf>,
    #[message(tag = 8)]
    by_flag: std::collections::HashMap<bool, f64>,
    #[message(tag = 9)]
    at: Option<std::time::SystemTime>,
    #[message(tag = 10)]
    took: std::time::Duration,
    #[message(tag = 11)]
    bytes: Vec<u8>,
    #[message(oneof)]
    choice: Option<Choice>,
}

const NAMES: [&str; 8] = [
    "admin_payload.Tree",
    "admin_payload.Leaf",
    "admin_payload.Choice",
    "google.protobuf.Int64Value",
    "google.protobuf.BytesValue",
    "google.protobuf.Empty",
    "spawn.Json",
    "nobody.knows",
];

/// What is shown, as a program reads it.
fn shown(name: &str, bytes: &[u8], most: usize) -> serde_json::Value {
    let text = serde_json::to_string(&Shown::new(name, bytes, most)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = || (any::<String>(), any::<i64>()).prop_map(|(text, number)| Leaf { text, number });
    let leaves = prop::collection::vec(leaf(), 0..4);
    let numbers = prop::collection::vec(any::<i32>(), 0..4);
    let floats = prop::collection::vec(any::<f32>(), 0..4);
    let by_number = prop::collection::btree_map(any::<i64>(), leaf(), 0..4);
    let choice = prop_oneof![
        leaf().prop_map(|leaf| Some(Choice::Leaf(leaf))),
        any::<u32>().prop_map(|number| Some(Choice::Number(number))),
        Just(Some(Choice::Nothing)),
        Just(None),
    ];
    let parts = (leaf(), leaves, numbers, floats, by_number, choice, any::<Vec<u8>>());
    parts.prop_map(|(leaf, leaves, numbers, floats, by_number, choice, bytes)| Tree {
        leaf,
        leaves,
        fixed: numbers.iter().map(|it| it.unsigned_abs().into()).collect(),
        states: numbers.iter().map(|it| if *it < 0 { State::Off } else { State::On }).collect(),
        numbers,
        by_flag: floats.iter().map(|it| (*it > 0.0, f64::from(*it))).collect(),
        floats,
        by_number,
        at: None,
        took: std::time::Duration::from_millis(bytes.len() as u64),
        bytes,
        choice,
    })
}

proptest! {
    #[test]
    fn any_bytes_are_shown(bytes in any::<Vec<u8>>(), name in prop::sample::select(&NAMES)) {
        let shown = shown(name, &bytes, IN_LIST);
        prop_assert_eq!(&shown["size"], bytes.len());
        prop_assert!(shown.get("json").is_some() != shown.get("hex").is_some());
    }

    #[test]
    fn a_message_is_shown_with_its_fields(tree in tree()) {
        let shown = shown("admin_payload.Tree", &tree.encode_to_vec(), ALONE);
        let json = &shown["json"];
        prop_assert_eq!(&json["leaf"]["text"], &tree.leaf.text);
        prop_assert_eq!(&json["leaf"]["number"], &tree.leaf.number.to_string());
        prop_assert_eq!(json["leaves"].as_array().unwrap().len(), tree.leaves.len());
        prop_assert_eq!(&json["numbers"], &serde_json::json!(tree.numbers));
        prop_assert_eq!(json["states"].as_array().unwrap().len(), tree.states.len());
        prop_assert_eq!(json["by_number"].as_object().unwrap().len(), tree.by_number.len());
        for (key, leaf) in &tree.by_number {
            prop_assert_eq!(&json["by_number"][key.to_string()]["text"], &leaf.text);
        }
        prop_assert_eq!(json["choice"].is_null(), tree.choice.is_none());
    }

    /// Cut off or with a byte changed, it is another message or none.
    #[test]
    fn a_message_that_is_damaged_is_shown(tree in tree(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = tree.encode_to_vec();
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        shown("admin_payload.Tree", &bytes[..at], ALONE);
        bytes[at] = byte;
        shown("admin_payload.Tree", &bytes, ALONE);
    }
}

#[test]
fn what_is_nested_too_deep_is_none() {
    // A leaf whose unknown field is a message in a message, and so on: nobody follows it.
    let mut bytes = Vec::new();
    for _ in 0..10_000 {
        let mut outer = vec![0x0a];
        prost::encoding::encode_varint(bytes.len() as u64, &mut outer);
        outer.extend_from_slice(&bytes);
        bytes = outer;
    }
    assert!(decode::message(Catalog::get(), "admin_payload.Tree", &bytes).is_none());
}
