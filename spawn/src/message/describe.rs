//! What a message consists of, as data: for who has its bytes and not its type.

/// What a field is, and how it is encoded.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `i32`
    Int32,
    /// `i64`
    Int64,
    /// `u32`
    Uint32,
    /// `u64`
    Uint64,
    /// `i32` under `sint`
    Sint32,
    /// `i64` under `sint`
    Sint64,
    /// `u32` under `fixed`
    Fixed32,
    /// `u64` under `fixed`
    Fixed64,
    /// `i32` under `fixed`
    Sfixed32,
    /// `i64` under `fixed`
    Sfixed64,
    /// `f32`
    Float,
    /// `f64`
    Double,
    /// `String`
    Text,
    /// `Vec<u8>` or `Bytes`
    Bytes,
    /// `SystemTime`
    Timestamp,
    /// `Duration`
    Duration,
    /// An enumeration, and what it calls a number.
    Enumeration(fn(i32) -> Option<String>),
    /// A message, and what Rust calls its type.
    Message(fn() -> &'static str),
    /// May be absent.
    Optional(&'static Kind),
    /// Many.
    Repeated(&'static Kind),
    /// A map, its keys and its values.
    Map(&'static Kind, &'static Kind),
    /// One of these, each a field of the message around it.
    Oneof(&'static [FieldKind]),
    /// Of a field that was reported, in a program that does not compile.
    Reported,
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub struct FieldKind {
    /// Its name; of a variant, the variant's.
    pub name: &'static str,
    /// Its tag; of no meaning for a oneof, whose variants have their own.
    pub tag: u32,
    /// What it is.
    pub kind: Kind,
}

/// A message under [`#[message]`](macro@crate::message).
pub trait Described {
    /// Its fields, as they were written; of an enum with data, its variants.
    const FIELDS: &'static [FieldKind];
}
