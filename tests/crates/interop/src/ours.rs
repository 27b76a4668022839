//! `interop.proto` as a person writes it in Rust.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use spawn::prelude::*;

#[message(name = "interop.Status", reserved(2, 10..=19))]
pub(crate) enum Status {
    Unspecified,
    Paid,
    Late = 7,
    Lost = -3,
}

#[message(name = "interop.Scalars", reserved(4, 100..=200, "old"))]
pub(crate) struct Scalars {
    #[message(tag = 16)]
    pub(crate) text: String,
    #[message(tag = 1)]
    pub(crate) flag: bool,
    #[message(tag = 2)]
    pub(crate) small: i32,
    #[message(tag = 3)]
    pub(crate) large: i64,
    #[message(tag = 5)]
    pub(crate) unsigned: u32,
    #[message(tag = 6)]
    pub(crate) huge: u64,
    #[message(tag = 7, sint)]
    pub(crate) signed: i32,
    #[message(tag = 8, sint)]
    pub(crate) signed_large: i64,
    #[message(tag = 9, fixed)]
    pub(crate) fixed_unsigned: u32,
    #[message(tag = 10, fixed)]
    pub(crate) fixed_huge: u64,
    #[message(tag = 536_870_911, fixed)]
    pub(crate) fixed_small: i32,
    #[message(tag = 12, fixed)]
    pub(crate) fixed_large: i64,
    #[message(tag = 13)]
    pub(crate) single: f32,
    #[message(tag = 14)]
    pub(crate) double: f64,
    #[message(tag = 15)]
    pub(crate) bytes: Vec<u8>,
    #[message(tag = 17)]
    pub(crate) shared: Bytes,
    #[message(tag = 18)]
    pub(crate) status: Status,
}

#[message(name = "interop.Optionals")]
pub(crate) struct Optionals {
    pub(crate) flag: Option<bool>,
    pub(crate) large: Option<i64>,
    #[message(sint)]
    pub(crate) signed: Option<i32>,
    #[message(fixed)]
    pub(crate) fixed_huge: Option<u64>,
    pub(crate) double: Option<f64>,
    pub(crate) text: Option<String>,
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) status: Option<Status>,
    pub(crate) line: Option<Line>,
    pub(crate) at: Option<SystemTime>,
    pub(crate) took: Option<Duration>,
}

#[message(name = "interop.Repeated")]
pub(crate) struct Repeated {
    pub(crate) flags: Vec<bool>,
    pub(crate) small: Vec<i32>,
    #[message(sint)]
    pub(crate) signed: Vec<i64>,
    #[message(fixed)]
    pub(crate) fixed_unsigned: Vec<u32>,
    #[message(fixed)]
    pub(crate) fixed_large: Vec<i64>,
    pub(crate) doubles: Vec<f64>,
    pub(crate) texts: Vec<String>,
    pub(crate) bytes: Vec<Vec<u8>>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) lines: Vec<Line>,
    pub(crate) times: Vec<SystemTime>,
    pub(crate) durations: Vec<Duration>,
}

#[message(name = "interop.Maps")]
pub(crate) struct Maps {
    pub(crate) numbers: BTreeMap<String, i64>,
    pub(crate) texts: BTreeMap<i32, String>,
    pub(crate) doubles: BTreeMap<bool, f64>,
    pub(crate) lines: BTreeMap<u64, Line>,
    pub(crate) statuses: BTreeMap<String, Status>,
    #[message(keys = sint, sint)]
    pub(crate) signed: BTreeMap<i32, i64>,
    #[message(keys = fixed, fixed)]
    pub(crate) fixed: BTreeMap<u64, i32>,
    #[message(keys = fixed)]
    pub(crate) bytes: BTreeMap<i64, Vec<u8>>,
    pub(crate) times: BTreeMap<u32, SystemTime>,
}

#[message(name = "interop.Line")]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) quantity: u32,
}

#[message(name = "interop.Order")]
pub(crate) struct Order {
    #[message(tag = 3)]
    pub(crate) id: String,
    #[message(oneof)]
    pub(crate) payment: Option<Payment>,
    #[message(tag = 4)]
    pub(crate) line: Line,
    #[message(oneof)]
    pub(crate) contact: Option<Contact>,
    #[message(tag = 8)]
    pub(crate) parent: Option<Box<Order>>,
    #[message(tag = 10)]
    pub(crate) contacts: Vec<Contact>,
    /// Messages that were generated are messages.
    #[message(tag = 11)]
    pub(crate) at: Option<prost_types::Timestamp>,
}

#[message(name = "interop.Payment")]
pub(crate) enum Payment {
    #[message(tag = 7)]
    Goods(Line),
    #[message(tag = 2, sint)]
    Cash(i64),
    #[message(tag = 9)]
    Voucher(String),
    #[message(tag = 12)]
    Free,
    #[message(tag = 13)]
    Status(Status),
    #[message(tag = 14)]
    Token(Vec<u8>),
    #[message(tag = 15)]
    Later(SystemTime),
    #[message(tag = 16)]
    Exchange(Box<Order>),
}

#[message(name = "interop.Contact")]
pub(crate) enum Contact {
    #[message(tag = 5)]
    Mail(String),
    #[message(tag = 1, fixed)]
    Phone(u64),
}
