//! What a field of a message can be, and how it is encoded.
//!
//! The type of a field decides: [`FieldShape`] asks what it is (see `dispatch::reply` for how a type can be asked), and [`Field`]
//! is implemented for each shape. An alias is as good as the type that it stands for.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use bytes::{Buf, BufMut, Bytes};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType};

use super::value::{Enumeration, Key, Value};

/// The shapes.
pub(crate) mod shape {
    /// Everything that is none of the others; has to be a message.
    pub(crate) const MESSAGE: u8 = 0;
    /// A number, a `bool`, a `String`, or `Bytes`.
    pub(crate) const SCALAR: u8 = 1;
    /// An enumeration.
    pub(crate) const ENUMERATION: u8 = 2;
    /// `Option<T>`
    pub(crate) const OPTIONAL: u8 = 3;
    /// `Vec<T>`
    pub(crate) const REPEATED: u8 = 4;
    /// `HashMap<K, V>` or `BTreeMap<K, V>`
    pub(crate) const MAP: u8 = 5;
    /// `u8`, which is no field, but in `Vec<u8>`
    pub(crate) const BYTE: u8 = 6;
}

/// Asks what shape the type of a field has.
#[derive(Debug)]
pub struct FieldShape<T>(PhantomData<T>);

/// The answer for every type.
pub trait AnyFieldShape {
    /// It has to be a message.
    const SHAPE: u8 = shape::MESSAGE;
}

impl<T> AnyFieldShape for FieldShape<T> {}

macro_rules! shapes {
    ($($ty:ty)*) => {$(
        impl FieldShape<$ty> {
            /// A scalar.
            pub const SHAPE: u8 = shape::SCALAR;
        }
    )*};
}

shapes!(bool i32 i64 u32 u64 f32 f64 String Bytes);

impl<E: Enumeration> FieldShape<E> {
    /// An enumeration.
    pub const SHAPE: u8 = shape::ENUMERATION;
}

impl<T> FieldShape<Option<T>> {
    /// May be absent.
    pub const SHAPE: u8 = shape::OPTIONAL;
}

impl<T> FieldShape<Vec<T>> {
    /// Many, or bytes.
    pub const SHAPE: u8 = shape::REPEATED;
}

impl<K, V, S> FieldShape<HashMap<K, V, S>> {
    /// A map.
    pub const SHAPE: u8 = shape::MAP;
}

impl<K, V> FieldShape<BTreeMap<K, V>> {
    /// A map.
    pub const SHAPE: u8 = shape::MAP;
}

impl FieldShape<u8> {
    /// Part of bytes.
    pub const SHAPE: u8 = shape::BYTE;
}

/// What is inside a collection, or the type itself.
pub trait Element<const SHAPE: u8> {
    /// The type of the elements, or of a map's values.
    type Element;
}

macro_rules! own_elements {
    ($($shape:ident)*) => {$(
        impl<T> Element<{ shape::$shape }> for T {
            type Element = T;
        }
    )*};
}

own_elements!(MESSAGE SCALAR ENUMERATION BYTE);

impl<T> Element<{ shape::OPTIONAL }> for Option<T> {
    type Element = T;
}

impl<T> Element<{ shape::REPEATED }> for Vec<T> {
    type Element = T;
}

impl<K, V, S> Element<{ shape::MAP }> for HashMap<K, V, S> {
    type Element = V;
}

impl<K, V> Element<{ shape::MAP }> for BTreeMap<K, V> {
    type Element = V;
}

/// A field of the shape `SHAPE`, whose elements have the shape `OF`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a message",
    label = "not a field",
    note = "put `#[message(name = \"package.Name\")]` on a struct or enum of your own",
    note = "other fields are `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `String`, and `Vec<u8>` for bytes",
    note = "or an `Option`, a `Vec`, or a `HashMap` or `BTreeMap` of those, by `String`, `bool` or a whole number"
)]
pub trait Field<const SHAPE: u8, const OF: u8>: Clone + Debug + Default + PartialEq {
    /// Writes the field, if it is not the same as a field that is not there.
    fn encode(&self, tag: u32, buffer: &mut impl BufMut);

    /// Reads the field, or a part of it.
    ///
    /// # Errors
    /// If the bytes are no such field.
    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError>;

    /// How many bytes `encode` writes.
    fn length(&self, tag: u32) -> usize;
}

/// One value, left out if it is the default.
macro_rules! fields_of_one {
    ($($shape:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Value<{ shape::$shape }>> Field<{ shape::$shape }, { shape::$shape }> for T {
            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                if !self.is_default() {
                    Value::encode(self, tag, buffer);
                }
            }

            fn merge(
                &mut self,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                Value::merge(self, wire, buffer, context)
            }

            fn length(&self, tag: u32) -> usize {
                if self.is_default() { 0 } else { Value::length(self, tag) }
            }
        }
    )*};
}

fields_of_one!(MESSAGE SCALAR ENUMERATION);

#[diagnostic::do_not_recommend]
impl Field<{ shape::REPEATED }, { shape::BYTE }> for Vec<u8> {
    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        if !self.is_empty() {
            encoding::bytes::encode(tag, self, buffer);
        }
    }

    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        encoding::bytes::merge(wire, self, buffer, context)
    }

    fn length(&self, tag: u32) -> usize {
        if self.is_empty() { 0 } else { encoding::bytes::encoded_len(tag, self) }
    }
}

#[diagnostic::do_not_recommend]
impl<T, const OF: u8> Field<{ shape::OPTIONAL }, OF> for Option<T>
where
    T: Value<OF>,
{
    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        if let Some(value) = self {
            value.encode(tag, buffer);
        }
    }

    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.get_or_insert_default().merge(wire, buffer, context)
    }

    fn length(&self, tag: u32) -> usize {
        self.as_ref().map_or(0, |value| value.length(tag))
    }
}

#[diagnostic::do_not_recommend]
impl<T, const OF: u8> Field<{ shape::REPEATED }, OF> for Vec<T>
where
    T: Value<OF>,
{
    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        T::encode_all(self, tag, buffer);
    }

    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        T::merge_into(self, wire, buffer, context)
    }

    fn length(&self, tag: u32) -> usize {
        T::length_all(self, tag)
    }
}

/// An entry of a map, which is encoded like a message with two fields.
#[derive(Default)]
struct Entry<K, V, const OF: u8> {
    key: K,
    value: V,
}

impl<K: Key + Send + Sync, V: Value<OF> + Send + Sync, const OF: u8> prost::Message
    for Entry<K, V, OF>
{
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        encode_entry(&self.key, &self.value, buffer);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => self.key.merge(wire, buffer, context),
            2 => self.value.merge(wire, buffer, context),
            _ => encoding::skip_field(wire, tag, buffer, context),
        }
    }

    fn encoded_len(&self) -> usize {
        entry_length(&self.key, &self.value)
    }

    fn clear(&mut self) {
        (self.key, self.value) = (K::default(), V::default());
    }
}

fn encode_entry<K: Key, V: Value<OF>, const OF: u8>(key: &K, value: &V, buffer: &mut impl BufMut) {
    if !key.is_default() {
        key.encode(1, buffer);
    }
    if !value.is_default() {
        value.encode(2, buffer);
    }
}

fn entry_length<K: Key, V: Value<OF>, const OF: u8>(key: &K, value: &V) -> usize {
    let key_length = if key.is_default() { 0 } else { key.length(1) };
    let value_length = if value.is_default() { 0 } else { value.length(2) };
    key_length + value_length
}

/// Both kinds of map are encoded alike.
macro_rules! maps {
    ($($map:ty where [$($parameters:tt)*];)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<K, V, const OF: u8, $($parameters)*> Field<{ shape::MAP }, OF> for $map
        where
            K: Key + Eq + Hash + Ord + Send + Sync,
            V: Value<OF> + Send + Sync,
        {
            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                for (key, value) in self {
                    encoding::encode_key(tag, WireType::LengthDelimited, buffer);
                    encoding::encode_varint(entry_length(key, value) as u64, buffer);
                    encode_entry(key, value, buffer);
                }
            }

            fn merge(
                &mut self,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                let mut entry = Entry::<K, V, OF>::default();
                encoding::message::merge(wire, &mut entry, buffer, context)?;
                self.insert(entry.key, entry.value);
                Ok(())
            }

            fn length(&self, tag: u32) -> usize {
                let entries = self.iter().map(|(key, value)| {
                    let length = entry_length(key, value);
                    encoding::encoded_len_varint(length as u64) + length
                });
                encoding::key_len(tag) * self.len() + entries.sum::<usize>()
            }
        }
    )*};
}

maps! {
    HashMap<K, V, S> where [S: BuildHasher + Clone + Default];
    BTreeMap<K, V> where [];
}

/// Says in which field of which message the bytes were malformed.
pub fn in_field(mut error: DecodeError, message: &'static str, field: &'static str) -> DecodeError {
    error.push(message, field);
    error
}
