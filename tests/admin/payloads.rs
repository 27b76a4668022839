//! Messages as JSON.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value as Json, json};
use spawn::prelude::*;

use crate::http;
use crate::kit::serve;

#[message(name = "admin.Status")]
pub(crate) enum Status {
    Open,
    Paid,
}

#[message(name = "admin.Card")]
pub(crate) struct Card {
    number: String,
}

#[message(name = "admin.Payment")]
pub(crate) enum Payment {
    #[message(tag = 41)]
    Card(Card),
    #[message(tag = 42)]
    Cash(i64),
    #[message(tag = 43)]
    Free,
}

/// As `prost-build` generates it.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Foreign {
    #[prost(int32, tag = "1")]
    pub(crate) number: i32,
}

#[message(name = "admin.Everything")]
pub(crate) struct Everything {
    #[message(tag = 1)]
    flag: bool,
    #[message(tag = 2)]
    small: i32,
    #[message(tag = 3)]
    large: i64,
    #[message(tag = 4)]
    unsigned: u32,
    #[message(tag = 5)]
    huge: u64,
    #[message(sint, tag = 6)]
    zigzag: i64,
    #[message(fixed, tag = 7)]
    fixed: u32,
    #[message(fixed, tag = 8)]
    signed: i64,
    #[message(tag = 9)]
    float: f32,
    #[message(tag = 10)]
    double: f64,
    #[message(tag = 11)]
    text: String,
    #[message(tag = 12)]
    bytes: Vec<u8>,
    #[message(tag = 13)]
    at: std::time::SystemTime,
    #[message(tag = 14)]
    took: Duration,
    #[message(tag = 15)]
    status: Status,
    #[message(tag = 16)]
    card: Card,
    #[message(tag = 17)]
    maybe: Option<i32>,
    #[message(tag = 18)]
    numbers: Vec<i32>,
    #[message(tag = 19)]
    statuses: Vec<Status>,
    #[message(tag = 20)]
    cards: Vec<Card>,
    #[message(tag = 21)]
    words: Vec<String>,
    #[message(tag = 22)]
    by_number: HashMap<i32, Card>,
    #[message(tag = 23)]
    by_name: BTreeMap<String, f64>,
    #[message(oneof)]
    payment: Option<Payment>,
    #[message(tag = 50)]
    foreign: Foreign,
}

#[actor(kind = unnamed, name = "everything")]
impl Everything {
    #[action]
    pub(crate) fn set(&mut self, all: bool) {
        *self = if all { full() } else { Self { small: 1, ..Self::default() } };
    }

    #[action]
    pub(crate) fn pay(&mut self, cents: i64) {
        self.payment = Some(if cents == 0 { Payment::Free } else { Payment::Cash(cents) });
    }
}

fn full() -> Everything {
    let card = |number: &str| Card { number: number.to_owned() };
    Everything {
        flag: true,
        small: -1,
        large: i64::MIN,
        unsigned: u32::MAX,
        huge: u64::MAX,
        zigzag: -3,
        fixed: 7,
        signed: -9,
        float: 0.1,
        double: f64::NEG_INFINITY,
        text: "a \"quote\" and ü\n".to_owned(),
        bytes: vec![0, 255],
        at: UNIX_EPOCH + Duration::from_millis(1_500),
        took: Duration::from_millis(2_500),
        status: Status::Paid,
        card: card("1"),
        maybe: Some(0),
        numbers: vec![1, -2, 3],
        statuses: vec![Status::Open, Status::Paid],
        cards: vec![card("2"), card("")],
        words: vec!["a".to_owned(), String::new()],
        by_number: [2, 10, -1].map(|it| (it, card(&it.to_string()))).into(),
        by_name: [("b".to_owned(), 1.5), ("a".to_owned(), 0.0)].into(),
        payment: Some(Payment::Card(card("3"))),
        foreign: Foreign { number: 5 },
    }
}

async fn state_of(id: &str, change: impl AsyncFnOnce(&spawn::Client<Everything>)) -> Json {
    let system = System::builder("all").in_memory().only::<(Everything,)>().start().await.unwrap();
    let address = serve(&system).await.address();
    change(&system.actor_by_id::<Everything>(id)).await;
    let seen = http::get(address, &format!("/api/actors/state?id=everything/{id}")).await;
    assert_eq!(seen.status, 200, "{seen:?}");
    let json = seen.json()["state"]["json"].clone();
    // The fields are in the order in which they are written.
    let place = |field: &str| seen.body.find(&format!("\"{field}\":")).unwrap();
    assert!(place("flag") < place("small") && place("text") < place("by_name"), "{seen:?}");
    json
}

#[tokio::test]
async fn every_kind_of_field() {
    let json = state_of("full", async |it| it.set(true).await.unwrap()).await;
    let wanted = json!({
        "flag": true,
        "small": -1,
        "large": "-9223372036854775808",
        "unsigned": 4_294_967_295_u32,
        "huge": "18446744073709551615",
        "zigzag": "-3",
        "fixed": 7,
        "signed": "-9",
        "float": 0.1,
        "double": "-Infinity",
        "text": "a \"quote\" and ü\n",
        "bytes": "AP8=",
        "at": "1970-01-01T00:00:01.500Z",
        "took": "2.500s",
        "status": "Paid",
        "card": { "number": "1" },
        "maybe": 0,
        "numbers": [1, -2, 3],
        "statuses": ["Open", "Paid"],
        "cards": [{ "number": "2" }, { "number": "" }],
        "words": ["a", ""],
        "by_number": { "-1": { "number": "-1" }, "2": { "number": "2" }, "10": { "number": "10" } },
        "by_name": { "a": 0, "b": 1.5 },
        "payment": { "Card": { "number": "3" } },
        "foreign": "CAU=",
    });
    assert_eq!(json, wanted);
}

#[tokio::test]
async fn what_is_not_there_is_shown_as_what_it_means() {
    let json = state_of("empty", async |it| it.set(false).await.unwrap()).await;
    let wanted = json!({
        "flag": false,
        "small": 1,
        "large": "0",
        "unsigned": 0,
        "huge": "0",
        "zigzag": "0",
        "fixed": 0,
        "signed": "0",
        "float": 0,
        "double": 0,
        "text": "",
        "bytes": "",
        "at": "1970-01-01T00:00:00Z",
        "took": "0s",
        "status": "Open",
        "card": { "number": "" },
        "maybe": null,
        "numbers": [],
        "statuses": [],
        "cards": [],
        "words": [],
        "by_number": {},
        "by_name": {},
        "payment": null,
        "foreign": {},
    });
    assert_eq!(json, wanted);
}

#[tokio::test]
async fn variants_of_other_shapes() {
    let free = state_of("free", async |it| it.pay(0).await.unwrap()).await;
    assert_eq!(free["payment"], json!({ "Free": {} }));
    let cash = state_of("cash", async |it| it.pay(7).await.unwrap()).await;
    assert_eq!(cash["payment"], json!({ "Cash": "7" }));
}

#[tokio::test]
async fn what_travels_alone_and_what_nobody_knows() {
    let system = System::builder("all").in_memory().only::<(Everything,)>().start().await.unwrap();
    let address = serve(&system).await.address();
    let events = Broadcast::new()
        .and("a", 7_i64)
        .and("b", "text".to_owned())
        .and("c", ())
        .and("d", vec![1_u8, 2])
        .and("e", 0.5_f64)
        .and("f", true)
        .and("g", serde_json::json!({ "b": 1, "a": [null] }))
        .and("h", Parcel::encoded("other.Unknown", vec![1_u8, 2, 0xff]))
        .and("i", Parcel::encoded("admin.Card", vec![0xff_u8]))
        .and("j", Parcel::encoded("spawn.Json", b"{ no".to_vec()))
        .and("k", Parcel::encoded("admin.Card", vec![0x10_u8, 5, 0x0a, 1, b'x']))
        .and("l", Parcel::encoded("other.Large", vec![0xab_u8; 100_000]));
    system.broadcast(events).await.unwrap();
    let log = http::json(address, "/api/log?after=0").await;
    let payloads: Vec<_> =
        log["items"].as_array().unwrap().iter().map(|it| it["payload"].clone()).collect();
    let jsons: Vec<_> = payloads.iter().take(7).map(|it| it["json"].clone()).collect();
    let wanted = json!(["7", "text", {}, "AQI=", 0.5, true, { "a": [null], "b": 1 }]);
    assert_eq!(Json::from(jsons), wanted);
    assert_eq!(payloads[7], json!({ "type": "other.Unknown", "size": 3, "hex": "0102ff" }));
    assert_eq!(payloads[8], json!({ "type": "admin.Card", "size": 1, "hex": "ff" }));
    assert_eq!(payloads[9], json!({ "type": "spawn.Json", "size": 4, "hex": "7b206e6f" }));
    assert_eq!(payloads[10]["json"], json!({ "number": "x", "#2": "5" }), "a field of a newer one");
    assert_eq!(payloads[11]["size"], 100_000);
    assert_eq!(payloads[11]["hex"].as_str().unwrap().len(), 2 * 1_024);
}
