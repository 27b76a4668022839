//! The primitives of the claim, as `loom` has them.

pub(crate) use loom::sync::Arc;
pub(crate) use loom::sync::atomic::{AtomicPtr, Ordering};

/// Every access is checked against those before it.
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(loom::cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(loom::cell::UnsafeCell::new(value))
    }

    pub(crate) fn get(&self) -> *mut T {
        self.0.with_mut(|pointer| pointer)
    }
}
