//! What shape the type of a field has.
//!
//! The type decides: [`FieldShape`] asks what it is (see `dispatch::reply` for how a type can be asked). An alias is as good as the type
//! that it stands for.

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::value::Enumeration;

/// Everything that is none of the others; has to be a message.
pub const MESSAGE: u8 = 0;
/// A number, a `bool`, a `String`, `Bytes`, or a time.
pub const SCALAR: u8 = 1;
/// An enumeration.
pub const ENUMERATION: u8 = 2;
/// `Option<T>`
pub const OPTIONAL: u8 = 3;
/// `Vec<T>`
pub const REPEATED: u8 = 4;
/// `HashMap<K, V>` or `BTreeMap<K, V>`
pub const MAP: u8 = 5;
/// `u8`, which is no field, but in `Vec<u8>`
pub const BYTE: u8 = 6;
/// A number under `#[message(sint)]`.
pub const SINT: u8 = 7;
/// A number under `#[message(fixed)]`.
pub const FIXED: u8 = 8;
/// A map under `#[message(keys = sint)]`.
pub const MAP_SINT: u8 = 9;
/// A map under `#[message(keys = fixed)]`.
pub const MAP_FIXED: u8 = 10;
/// A field under `#[message(oneof)]`.
pub const ONEOF: u8 = 11;
/// What a variant of a oneof holds.
pub const VARIANT: u8 = 12;
/// Nothing has this shape.
pub const NONE: u8 = 13;

/// The shape of a field under an attribute that chooses the encoding of its keys: `keys` is [`MAP_SINT`] or [`MAP_FIXED`].
pub const fn with_keys(shape: u8, keys: u8) -> u8 {
    if shape == MAP { keys } else { NONE }
}

/// The shape of a field under an attribute that chooses the encoding of its numbers: `encoding` is [`SINT`] or [`FIXED`].
pub const fn with_encoding(shape: u8, encoding: u8) -> u8 {
    match shape {
        OPTIONAL | REPEATED | MAP | MAP_SINT | MAP_FIXED | NONE => shape,
        _ => encoding,
    }
}

/// Asks what shape the type of a field has.
#[derive(Debug)]
pub struct FieldShape<T>(PhantomData<T>);

/// The answer for every type.
pub trait AnyFieldShape {
    /// It has to be a message.
    const SHAPE: u8 = MESSAGE;
}

impl<T> AnyFieldShape for FieldShape<T> {}

macro_rules! shapes {
    ($($ty:ty)*) => {$(
        impl FieldShape<$ty> {
            /// A scalar.
            pub const SHAPE: u8 = SCALAR;
        }
    )*};
}

shapes!(bool i32 i64 u32 u64 f32 f64 String Bytes SystemTime Duration);

impl<E: Enumeration> FieldShape<E> {
    /// An enumeration.
    pub const SHAPE: u8 = ENUMERATION;
}

impl<T> FieldShape<Option<T>> {
    /// May be absent.
    pub const SHAPE: u8 = OPTIONAL;
}

impl<T> FieldShape<Vec<T>> {
    /// Many, or bytes.
    pub const SHAPE: u8 = REPEATED;
}

impl<K, V, S> FieldShape<HashMap<K, V, S>> {
    /// A map.
    pub const SHAPE: u8 = MAP;
}

impl<K, V> FieldShape<BTreeMap<K, V>> {
    /// A map.
    pub const SHAPE: u8 = MAP;
}

impl FieldShape<u8> {
    /// Part of bytes.
    pub const SHAPE: u8 = BYTE;
}

/// What is inside a collection, or the type itself.
pub trait Element<const SHAPE: u8> {
    /// The type of the elements, or of a map's values.
    type Element;
}

macro_rules! own_elements {
    ($($shape:ident)*) => {$(
        impl<T> Element<$shape> for T {
            type Element = T;
        }
    )*};
}

own_elements!(MESSAGE SCALAR ENUMERATION BYTE);

impl<T> Element<OPTIONAL> for Option<T> {
    type Element = T;
}

impl<T> Element<REPEATED> for Vec<T> {
    type Element = T;
}

impl<K, V, S> Element<MAP> for HashMap<K, V, S> {
    type Element = V;
}

impl<K, V> Element<MAP> for BTreeMap<K, V> {
    type Element = V;
}
