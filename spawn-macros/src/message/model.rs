//! A message that makes sense.

use proc_macro2::Ident;
use syn::{ItemEnum, ItemStruct, Path, Type};

pub(crate) struct Message {
    /// The path of this library.
    pub(crate) krate: Path,
    pub(crate) package: String,
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    /// A struct, to be printed as it is.
    Struct { item: Box<ItemStruct>, fields: Vec<Field> },
    /// An enumeration, to be printed as it is.
    Enum { item: Box<ItemEnum>, variants: Vec<Variant> },
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) tag: u32,
    /// Whether its type was reported.
    pub(crate) reported: bool,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) value: i32,
}
