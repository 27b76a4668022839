//! Whether a type has a `Default`.

use std::marker::PhantomData;

/// Asks how a value of the type is made.
#[derive(Debug)]
pub struct Maker<T>(PhantomData<T>);

/// The answer for every type.
pub trait AnyMaker<T: 'static> {
    /// Nobody knows how.
    const MAKE: Option<fn() -> T> = None;
}

impl<T: 'static> AnyMaker<T> for Maker<T> {}

impl<T: Default> Maker<T> {
    /// By its `Default`.
    pub const MAKE: Option<fn() -> T> = Some(T::default);
}
