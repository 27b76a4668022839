//! A message that makes sense.

use proc_macro2::{Ident, TokenStream};
use syn::{ItemEnum, ItemStruct, Path, Type};

pub(crate) struct Message {
    /// The path of this library.
    pub(crate) krate: Path,
    pub(crate) package: String,
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

/// The item is printed as it is.
pub(crate) enum Shape {
    /// A struct, with the tags that its oneofs must not have.
    Struct { item: Box<ItemStruct>, fields: Vec<Field>, reserved: Vec<(u32, u32)> },
    /// An enum with data.
    Oneof { item: Box<ItemEnum>, variants: Vec<Field> },
    /// An enum without data.
    Enum { item: Box<ItemEnum>, variants: Vec<Variant> },
}

/// A field, or a variant with data.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) tag: u32,
    pub(crate) form: Form,
    pub(crate) encoding: Encoding,
    /// Whether its type was reported.
    pub(crate) reported: bool,
}

/// How a field or a variant is written in Rust.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// `card: Card`
    Field,
    /// `card: Option<Payment>`, whose variants are fields of the message.
    Oneof,
    /// `Card(Card)`
    Variant,
    /// `Free`, which holds an empty message.
    Unit,
    /// Reported.
    Unknown,
}

/// What attributes say about the encoding of numbers, as the names of shapes.
#[derive(Clone, Default)]
pub(crate) struct Encoding {
    pub(crate) numbers: Option<TokenStream>,
    pub(crate) keys: Option<TokenStream>,
}

impl Encoding {
    /// Whether an attribute says something.
    pub(crate) fn is_chosen(&self) -> bool {
        self.numbers.is_some() || self.keys.is_some()
    }
}

/// A variant of an enumeration.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// `None` if it was reported.
    pub(crate) value: Option<i32>,
}
