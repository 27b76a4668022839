//! What a field of a message can be, and how it is encoded: [`Field`] is implemented for each [`shape`](super::shape) of a type.

use std::fmt::Debug;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType};

use super::describe::Kind;
use super::oneof::Variants;
use super::shape;
use super::value::Value;

/// A field of the shape `SHAPE`, whose elements have the shape `OF`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a message",
    label = "not a field",
    note = "put `#[message(name = \"package.Name\")]` on a struct or enum of your own",
    note = "other fields are `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `String`, `SystemTime`, `Duration`, and `Vec<u8>` for bytes",
    note = "or an `Option`, a `Vec`, or a `HashMap` or `BTreeMap` of those, by `String`, `bool` or a whole number"
)]
pub trait Field<const SHAPE: u8, const OF: u8>: Clone + Debug + PartialEq {
    /// What it is.
    const KIND: Kind;

    /// The variants, if it is a oneof.
    const VARIANTS: Variants = &[];

    /// What a field that is not there means.
    fn absent() -> Self;

    /// Writes the field, if it is not the same as a field that is not there.
    fn encode(&self, tag: u32, buffer: &mut impl BufMut);

    /// Reads the field, or a part of it.
    ///
    /// # Errors
    /// If the bytes are no such field.
    fn merge(
        &mut self,
        tag: u32,
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
            const KIND: Kind = T::KIND;

            fn absent() -> Self {
                Value::absent()
            }

            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                if !self.is_default() {
                    Value::encode(self, tag, buffer);
                }
            }

            fn merge(
                &mut self,
                _tag: u32,
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

fields_of_one!(MESSAGE SCALAR ENUMERATION SINT FIXED);

#[diagnostic::do_not_recommend]
impl Field<{ shape::REPEATED }, { shape::BYTE }> for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn absent() -> Self {
        Self::new()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        if !self.is_empty() {
            encoding::bytes::encode(tag, self, buffer);
        }
    }

    fn merge(
        &mut self,
        _tag: u32,
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
    const KIND: Kind = Kind::Optional(&T::KIND);

    fn absent() -> Self {
        None
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        if let Some(value) = self {
            value.encode(tag, buffer);
        }
    }

    fn merge(
        &mut self,
        _tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.get_or_insert_with(T::absent).merge(wire, buffer, context)
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
    const KIND: Kind = Kind::Repeated(&T::KIND);

    fn absent() -> Self {
        Self::new()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        T::encode_all(self, tag, buffer);
    }

    fn merge(
        &mut self,
        _tag: u32,
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

/// Says in which field of which message the bytes were malformed.
pub fn in_field(mut error: DecodeError, message: &'static str, field: &'static str) -> DecodeError {
    error.push(message, field);
    error
}

/// Bytes that are well formed and mean nothing that the type can hold.
pub(crate) fn malformed(why: &'static str) -> DecodeError {
    #[expect(deprecated, reason = "prost has nothing else for messages that are written by hand")]
    DecodeError::new(why)
}
