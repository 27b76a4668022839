//! What few calls have.

use std::ops::{Deref, DerefMut};

/// A box or another pointer that is hardly ever there: to drop a call without it takes no more than a look at it.
///
/// What the compiler makes of an `Option` itself is a function that it calls for each, whether there is something to drop or not.
pub(super) struct Rare<B>(Option<B>);

impl<B> Default for Rare<B> {
    fn default() -> Self {
        Self(None)
    }
}

impl<B> From<Option<B>> for Rare<B> {
    fn from(it: Option<B>) -> Self {
        Self(it)
    }
}

impl<B> Deref for Rare<B> {
    type Target = Option<B>;

    fn deref(&self) -> &Option<B> {
        &self.0
    }
}

impl<B> DerefMut for Rare<B> {
    fn deref_mut(&mut self) -> &mut Option<B> {
        &mut self.0
    }
}

impl<B> Drop for Rare<B> {
    #[inline]
    fn drop(&mut self) {
        if let Some(it) = self.0.take() {
            discard(it);
        }
    }
}

#[cold]
#[inline(never)]
fn discard<B>(_it: B) {}
