//! One value as it stands in a field: a scalar, an enumeration, a message, or bytes.

use std::fmt::Debug;
use std::hash::Hash;

use bytes::{Buf, BufMut, Bytes};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType};

use super::describe::Kind;
use super::shape;

/// A value of the shape `SHAPE`.
pub trait Value<const SHAPE: u8>: Clone + Debug + PartialEq {
    /// What it is.
    const KIND: Kind;

    /// What a value that is not there means.
    fn absent() -> Self;

    /// Writes tag and value.
    fn encode(&self, tag: u32, buffer: &mut impl BufMut);

    /// Reads the value; what was there before is replaced, a message is merged.
    ///
    /// # Errors
    /// If the bytes are no such value.
    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError>;

    /// How many bytes `encode` writes.
    fn length(&self, tag: u32) -> usize;

    /// Whether it means the same as a field that is not there.
    fn is_default(&self) -> bool;

    /// Writes many; numbers share one tag.
    fn encode_all(all: &[Self], tag: u32, buffer: &mut impl BufMut) {
        for one in all {
            one.encode(tag, buffer);
        }
    }

    /// Reads one of many, or many that share one tag.
    ///
    /// # Errors
    /// If the bytes are no such values.
    fn merge_into(
        all: &mut Vec<Self>,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut one = Self::absent();
        one.merge(wire, buffer, context)?;
        all.push(one);
        Ok(())
    }

    /// How many bytes `encode_all` writes.
    fn length_all(all: &[Self], tag: u32) -> usize {
        all.iter().map(|one| one.length(tag)).sum()
    }
}

/// A value that can be the key of a map, in the encoding `SHAPE`.
pub trait Key<const SHAPE: u8>: Value<SHAPE> + Eq + Hash + Ord {}

/// Encodes through the module of `prost` for the type; `packed` if many share one tag.
macro_rules! scalars {
    ($shape:ident: $($ty:ty: $kind:ident $module:ident $($packed:ident)?;)*) => {$(
        impl Value<{ shape::$shape }> for $ty {
            const KIND: Kind = Kind::$kind;

            fn absent() -> Self {
                Self::default()
            }

            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                encoding::$module::encode(tag, self, buffer);
            }

            fn merge(
                &mut self,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                encoding::$module::merge(wire, self, buffer, context)
            }

            fn length(&self, tag: u32) -> usize {
                encoding::$module::encoded_len(tag, self)
            }

            #[expect(clippy::allow_attributes, reason = "numbers of two kinds go through here")]
            #[allow(clippy::float_cmp, reason = "a number is left out only if it is zero itself")]
            fn is_default(&self) -> bool {
                *self == Self::default()
            }

            $(scalars!(@$packed $module);)?
        }
    )*};
    (@packed $module:ident) => {
        fn encode_all(all: &[Self], tag: u32, buffer: &mut impl BufMut) {
            encoding::$module::encode_packed(tag, all, buffer);
        }

        fn merge_into(
            all: &mut Vec<Self>,
            wire: WireType,
            buffer: &mut impl Buf,
            context: DecodeContext,
        ) -> Result<(), DecodeError> {
            encoding::$module::merge_repeated(wire, all, buffer, context)
        }

        fn length_all(all: &[Self], tag: u32) -> usize {
            encoding::$module::encoded_len_packed(tag, all)
        }
    };
}

scalars! { SCALAR:
    bool: Bool bool packed;
    i32: Int32 int32 packed;
    i64: Int64 int64 packed;
    u32: Uint32 uint32 packed;
    u64: Uint64 uint64 packed;
    f32: Float float packed;
    f64: Double double packed;
    String: Text string;
    Bytes: Bytes bytes;
}

scalars! { SINT:
    i32: Sint32 sint32 packed;
    i64: Sint64 sint64 packed;
}

scalars! { FIXED:
    i32: Sfixed32 sfixed32 packed;
    i64: Sfixed64 sfixed64 packed;
    u32: Fixed32 fixed32 packed;
    u64: Fixed64 fixed64 packed;
}

macro_rules! keys {
    ($($shape:ident: $($ty:ty)*;)*) => {$($(
        impl Key<{ shape::$shape }> for $ty {}
    )*)*};
}

keys! {
    SCALAR: bool i32 i64 u32 u64 String;
    SINT: i32 i64;
    FIXED: i32 i64 u32 u64;
}

impl Value<{ shape::REPEATED }> for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn absent() -> Self {
        Self::new()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        encoding::bytes::encode(tag, self, buffer);
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
        encoding::bytes::encoded_len(tag, self)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

#[diagnostic::do_not_recommend]
impl<M: prost::Message + Clone + Debug + Default + PartialEq> Value<{ shape::MESSAGE }> for M {
    const KIND: Kind = Kind::Message(std::any::type_name::<M>);

    fn absent() -> Self {
        Self::default()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        encoding::message::encode(tag, self, buffer);
    }

    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        encoding::message::merge(wire, self, buffer, context)
    }

    fn length(&self, tag: u32) -> usize {
        encoding::message::encoded_len(tag, self)
    }

    fn is_default(&self) -> bool {
        self.encoded_len() == 0
    }
}

/// A unit-only enum under [`#[message]`](macro@crate::message): a field of its own type, a number when it is encoded.
///
/// A number that no variant has, as a newer program may write it, is read as the variant that is 0.
pub trait Enumeration: Copy + Debug + Default + PartialEq {
    /// The number.
    fn to_i32(self) -> i32;

    /// The variant with this number.
    fn from_i32(value: i32) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<E: Enumeration> Value<{ shape::ENUMERATION }> for E {
    const KIND: Kind =
        Kind::Enumeration(|number| E::from_i32(number).map(|variant| format!("{variant:?}")));

    fn absent() -> Self {
        Self::default()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        encoding::int32::encode(tag, &self.to_i32(), buffer);
    }

    fn merge(
        &mut self,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut number = 0;
        encoding::int32::merge(wire, &mut number, buffer, context)?;
        *self = E::from_i32(number).unwrap_or_default();
        Ok(())
    }

    fn length(&self, tag: u32) -> usize {
        encoding::int32::encoded_len(tag, &self.to_i32())
    }

    fn is_default(&self) -> bool {
        self.to_i32() == 0
    }

    fn encode_all(all: &[Self], tag: u32, buffer: &mut impl BufMut) {
        let numbers: Vec<_> = all.iter().map(|one| one.to_i32()).collect();
        encoding::int32::encode_packed(tag, &numbers, buffer);
    }

    fn merge_into(
        all: &mut Vec<Self>,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut numbers = Vec::new();
        encoding::int32::merge_repeated(wire, &mut numbers, buffer, context)?;
        all.extend(numbers.into_iter().map(|number| E::from_i32(number).unwrap_or_default()));
        Ok(())
    }

    fn length_all(all: &[Self], tag: u32) -> usize {
        let numbers: Vec<_> = all.iter().map(|one| one.to_i32()).collect();
        encoding::int32::encoded_len_packed(tag, &numbers)
    }
}
