//! The primitives that the claim is made of. The model check replaces this file by one over `loom`.

pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::{AtomicPtr, Ordering};

/// A cell whose content is reached through a raw pointer; who may do so is the caller's proof.
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    pub(crate) fn get(&self) -> *mut T {
        self.0.get()
    }
}
