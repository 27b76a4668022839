//! A field of a particular struct: what the code of `#[message]` does with it.
//!
//! A field of a type that cannot be one is reported once, by [`assert_field`]. Everywhere else it is treated as if it were one, so
//! that one mistake is one error: [`FieldCheck`] asks whether the type is a field, and [`Member`] has a second implementation for
//! those that are not.

use std::fmt::Debug;
use std::marker::PhantomData;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, skip_field};

use super::describe::Kind;
use super::field::Field;
use super::oneof::Variants;
use super::shape;
use super::value::Key;

/// Asks whether `T` is a field of this shape.
#[derive(Debug)]
pub struct FieldCheck<T, const SHAPE: u8, const OF: u8>(PhantomData<T>);

/// The answer for every type.
pub trait AnyFieldCheck {
    /// It is not.
    const VALID: bool = false;
}

impl<T, const SHAPE: u8, const OF: u8> AnyFieldCheck for FieldCheck<T, SHAPE, OF> {}

impl<T: Field<SHAPE, OF>, const SHAPE: u8, const OF: u8> FieldCheck<T, SHAPE, OF> {
    /// It is.
    pub const VALID: bool = true;
}

/// Compiles if `T` is a field of this shape; where it does not, the compiler says why.
pub const fn assert_field<T: Field<SHAPE, OF>, const SHAPE: u8, const OF: u8>() {}

/// The key of a map.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a map in a message",
    label = "not a key",
    note = "the keys are `String`, `bool`, `i32`, `i64`, `u32` and `u64`",
    note = "for another key, write a `Vec` of a message that has the key and the value as its fields"
)]
pub trait KeyField {}

#[diagnostic::do_not_recommend]
impl<K: Key<{ shape::SCALAR }>> KeyField for K {}

/// Compiles if `K` is the key of a map.
pub const fn assert_key<K: KeyField>() {}

/// Asks whether `K` is the key of a map.
#[derive(Debug)]
pub struct KeyCheck<K>(PhantomData<K>);

/// The answer for every type.
pub trait AnyKeyCheck {
    /// It is not.
    const VALID: bool = false;
}

impl<K> AnyKeyCheck for KeyCheck<K> {}

impl<K: KeyField> KeyCheck<K> {
    /// It is.
    pub const VALID: bool = true;
}

/// A map, or anything if its key was reported.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a message",
    label = "not a field",
    note = "put `#[message(name = \"package.Name\")]` on the struct or enum that the map holds",
    note = "a map can also hold `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `String`, `SystemTime`, `Duration`, and `Vec<u8>` for bytes"
)]
pub trait MapField<const SHAPE: u8, const OF: u8, const KEY: bool> {}

#[diagnostic::do_not_recommend]
impl<T: Field<SHAPE, OF>, const SHAPE: u8, const OF: u8> MapField<SHAPE, OF, true> for T {}

impl<T, const SHAPE: u8, const OF: u8> MapField<SHAPE, OF, false> for T {}

/// As [`assert_field`], for a map whose key was asserted.
pub const fn assert_map<T, const SHAPE: u8, const OF: u8, const KEY: bool>()
where
    T: MapField<SHAPE, OF, KEY>,
{
}

/// A field of a shape that an attribute chose.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no encoding of the kind that is chosen for it",
    label = "cannot be encoded so",
    note = "`sint` is for `i32` and `i64`; `fixed` is for `i32`, `i64`, `u32` and `u64`",
    note = "they are also for an `Option` or a `Vec` of those, and for the values of a map; `keys = sint` is for the keys of a map"
)]
pub trait Encoded<const SHAPE: u8, const OF: u8> {}

#[diagnostic::do_not_recommend]
impl<T: Field<SHAPE, OF>, const SHAPE: u8, const OF: u8> Encoded<SHAPE, OF> for T {}

/// As [`assert_field`], for a field under `sint`, `fixed` or `keys`.
pub const fn assert_encoded<T: Encoded<SHAPE, OF>, const SHAPE: u8, const OF: u8>() {}

/// A field under `#[message(oneof)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `oneof` of a message",
    label = "not an `Option` of an enum with data",
    note = "`#[message(oneof)]` goes on a field whose type is an `Option` of an enum under `#[message]` whose variants have data",
    note = "it is an `Option` since none of the variants may be there, or one that this program does not know"
)]
pub trait OneofField {}

#[diagnostic::do_not_recommend]
impl<T: Field<{ shape::ONEOF }, { shape::MESSAGE }>> OneofField for T {}

/// As [`assert_field`], for a field under `#[message(oneof)]`.
pub const fn assert_oneof<T: OneofField, const SHAPE: u8, const OF: u8>() {}

/// What a variant can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what a variant of a message holds",
    label = "not one value",
    note = "a variant holds one value; put a `Vec`, a map, an `Option` or several values in a message of their own",
    note = "put `#[message(name = \"package.Name\")]` on a struct or enum of your own",
    note = "other values are `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `String`, `SystemTime`, `Duration`, and `Vec<u8>` for bytes"
)]
pub trait VariantField<const OF: u8> {}

#[diagnostic::do_not_recommend]
impl<T: Field<{ shape::VARIANT }, OF>, const OF: u8> VariantField<OF> for T {}

/// As [`assert_field`], for what a variant holds.
pub const fn assert_variant<T: VariantField<OF>, const SHAPE: u8, const OF: u8>() {}

/// A field of the type `T`, all of whose questions are answered.
#[derive(Debug)]
pub struct FieldOf<T, const SHAPE: u8, const OF: u8, const VALID: bool>(PhantomData<T>);

/// A field that was reported already.
pub type Reported<T> = FieldOf<T, 0, 0, false>;

/// In the place of a variant that was reported. Never runs: such a program does not compile.
///
/// # Panics
/// Always.
pub fn reported<T>() -> T {
    unreachable!("see above")
}

/// What is done with a field.
pub trait Member {
    /// Its type.
    type Type;

    /// As [`Field::KIND`].
    const KIND: Kind;

    /// As [`Field::VARIANTS`].
    const VARIANTS: Variants;

    /// As [`Field::encode`].
    fn encode(field: &Self::Type, tag: u32, buffer: &mut impl BufMut);

    /// As [`Field::merge`].
    ///
    /// # Errors
    /// If the bytes are no such field.
    fn merge(
        field: &mut Self::Type,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError>;

    /// As [`Field::length`].
    fn length(field: &Self::Type, tag: u32) -> usize;

    /// For `Clone`.
    fn clone(field: &Self::Type) -> Self::Type;

    /// For `Default`.
    fn default() -> Self::Type;

    /// For `PartialEq`.
    fn equal(left: &Self::Type, right: &Self::Type) -> bool;

    /// For `Debug`.
    fn debug(field: &Self::Type) -> &dyn Debug;
}

impl<T: Field<SHAPE, OF>, const SHAPE: u8, const OF: u8> Member for FieldOf<T, SHAPE, OF, true> {
    type Type = T;

    const KIND: Kind = T::KIND;
    const VARIANTS: Variants = T::VARIANTS;

    fn encode(field: &T, tag: u32, buffer: &mut impl BufMut) {
        field.encode(tag, buffer);
    }

    fn merge(
        field: &mut T,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        field.merge(tag, wire, buffer, context)
    }

    fn length(field: &T, tag: u32) -> usize {
        field.length(tag)
    }

    fn clone(field: &T) -> T {
        field.clone()
    }

    fn default() -> T {
        T::absent()
    }

    fn equal(left: &T, right: &T) -> bool {
        left == right
    }

    fn debug(field: &T) -> &dyn Debug {
        field
    }
}

/// Never runs: a program with such a field does not compile.
impl<T, const SHAPE: u8, const OF: u8> Member for FieldOf<T, SHAPE, OF, false> {
    type Type = T;

    const KIND: Kind = Kind::Reported;
    const VARIANTS: Variants = &[];

    fn encode(_: &T, _: u32, _: &mut impl BufMut) {}

    fn merge(
        _: &mut T,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        skip_field(wire, tag, buffer, context)
    }

    fn length(_: &T, _: u32) -> usize {
        0
    }

    fn clone(_: &T) -> T {
        unreachable!("see above")
    }

    fn default() -> T {
        unreachable!("see above")
    }

    fn equal(_: &T, _: &T) -> bool {
        false
    }

    fn debug(_: &T) -> &dyn Debug {
        &()
    }
}

/// The [`FieldOf`] of a type, with the answers that hold for it; or of a shape that an attribute chose.
#[doc(hidden)]
#[macro_export]
macro_rules! field_of {
    ($ty:ty) => {
        $crate::field_of!(
            $ty,
            { <$crate::__private::FieldShape<$ty>>::SHAPE },
            { $crate::field_of!(@element $ty) }
        )
    };
    ($ty:ty, $shape:block, $of:block) => {
        $crate::__private::FieldOf<
            $ty,
            $shape,
            $of,
            { <$crate::__private::FieldCheck<$ty, $shape, $of>>::VALID },
        >
    };
    (@element $ty:ty) => {
        <$crate::__private::FieldShape<
            <$ty as $crate::__private::Element<
                { <$crate::__private::FieldShape<$ty>>::SHAPE },
            >>::Element,
        >>::SHAPE
    };
}
