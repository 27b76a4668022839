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

use super::field::Field;

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

/// A field of the type `T`, all of whose questions are answered.
#[derive(Debug)]
pub struct FieldOf<T, const SHAPE: u8, const OF: u8, const VALID: bool>(PhantomData<T>);

/// A field that was reported already.
pub type Reported<T> = FieldOf<T, 0, 0, false>;

/// What is done with a field.
pub trait Member {
    /// Its type.
    type Type;

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

    fn encode(field: &T, tag: u32, buffer: &mut impl BufMut) {
        field.encode(tag, buffer);
    }

    fn merge(
        field: &mut T,
        _tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        field.merge(wire, buffer, context)
    }

    fn length(field: &T, tag: u32) -> usize {
        field.length(tag)
    }

    fn clone(field: &T) -> T {
        field.clone()
    }

    fn default() -> T {
        T::default()
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

/// The [`FieldOf`] of a type, with the answers that hold for it.
#[doc(hidden)]
#[macro_export]
macro_rules! field_of {
    ($ty:ty) => {
        $crate::__private::FieldOf<
            $ty,
            { <$crate::__private::FieldShape<$ty>>::SHAPE },
            { $crate::field_of!(@element $ty) },
            {
                <$crate::__private::FieldCheck<
                    $ty,
                    { <$crate::__private::FieldShape<$ty>>::SHAPE },
                    { $crate::field_of!(@element $ty) },
                >>::VALID
            },
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
