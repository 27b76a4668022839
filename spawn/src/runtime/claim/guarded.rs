//! A value that only the holder of the claim may touch.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr;

use super::mailbox::{Batch, Linked, Mailbox};
use super::sync::{Arc, UnsafeCell};

/// What everyone may see (`S`), what the holder of the claim may change (`T`), and what waits for it (`E`).
pub(crate) struct Guarded<S, T, E: Linked> {
    mailbox: Mailbox<E>,
    shared: S,
    body: UnsafeCell<T>,
}

// SAFETY: `body` is reached only through a `Claim`, of which there is one at a time (see `Mailbox`), so it moves between threads
// (`T: Send`) and is never shared; envelopes move from pusher to holder (`E: Send`).
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl<S: Send, T: Send, E: Linked + Send> Send for Guarded<S, T, E> {}
// SAFETY: as above; `shared` is what two threads can see at once (`S: Sync`).
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl<S: Send + Sync, T: Send, E: Linked + Send> Sync for Guarded<S, T, E> {}

/// What became of an envelope that was sent.
pub(crate) enum Sent<S, T, E: Linked> {
    /// It waits for the holder of the claim.
    Queued,
    /// Nobody held the claim: the sender does now, and has its envelope back.
    Claimed(Claim<S, T, E>, E),
}

impl<S, T, E: Linked> Guarded<S, T, E> {
    pub(crate) fn new(shared: S, body: T) -> Arc<Self> {
        Arc::new(Self { mailbox: Mailbox::new(), shared, body: UnsafeCell::new(body) })
    }

    /// Whether nobody holds the claim and nothing waits, at this moment.
    pub(crate) fn is_idle(&self) -> bool {
        self.mailbox.is_idle()
    }

    /// Takes the claim if nobody holds it; the reference becomes the claim's.
    pub(crate) fn try_claim(this: Arc<Self>) -> Result<Claim<S, T, E>, Arc<Self>> {
        if this.mailbox.try_claim() {
            Ok(Claim { cell: this, batch: Batch::empty() })
        } else {
            Err(this)
        }
    }

    /// Queues `envelope` if someone holds the claim, and takes the claim otherwise.
    pub(crate) fn send(this: &Arc<Self>, envelope: E) -> Sent<S, T, E> {
        match this.mailbox.push_or_claim(envelope) {
            None => Sent::Queued,
            Some(envelope) => {
                Sent::Claimed(Claim { cell: Arc::clone(this), batch: Batch::empty() }, envelope)
            }
        }
    }
}

impl<S, T, E: Linked> Deref for Guarded<S, T, E> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.shared
    }
}

impl<S: fmt::Debug, T, E: Linked> fmt::Debug for Guarded<S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").field("shared", &self.shared).finish_non_exhaustive()
    }
}

/// The right to touch the body, of which there is one at a time.
///
/// A claim that is dropped drops what waits, and frees the value for the next one. [`Claim::release`] is the orderly way.
pub(crate) struct Claim<S, T, E: Linked> {
    cell: Arc<Guarded<S, T, E>>,
    /// Taken from the mailbox, not yet opened.
    batch: Batch<E>,
}

impl<S, T, E: Linked> Claim<S, T, E> {
    pub(crate) fn cell(&self) -> &Arc<Guarded<S, T, E>> {
        &self.cell
    }

    #[expect(unsafe_code, reason = "this is what the claim is for")]
    pub(crate) fn body(&mut self) -> &mut T {
        // SAFETY: there is one claim at a time, and `&mut self` makes this the only reference that it has given out.
        unsafe { &mut *self.cell.body.get() }
    }

    /// The next envelope, the oldest first.
    #[expect(unsafe_code, reason = "takes from the mailbox as the holder of the claim")]
    pub(crate) fn next(&mut self) -> Option<E> {
        if self.batch.is_empty() {
            // SAFETY: `self` is the claim.
            self.batch = unsafe { self.cell.mailbox.take() };
        }
        self.batch.pop()
    }

    /// Puts an envelope behind those that wait.
    pub(crate) fn push(&self, envelope: E) {
        let claimed = self.cell.mailbox.push_or_claim(envelope);
        debug_assert!(claimed.is_none(), "`self` is the claim, so there is none to take");
    }

    /// Gives the claim back, or keeps it if something waits.
    #[expect(unsafe_code, reason = "gives the claim back as its holder")]
    pub(crate) fn release(self) -> Result<Arc<Guarded<S, T, E>>, Self> {
        if !self.batch.is_empty() {
            return Err(self);
        }
        // SAFETY: `self` is the claim, and after success it only gives its reference away.
        if !unsafe { self.cell.mailbox.release() } {
            return Err(self);
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is never dropped, so the reference has one owner; the batch is empty and owns nothing.
        Ok(unsafe { ptr::read(&raw const this.cell) })
    }
}

impl<S, T, E: Linked> Deref for Claim<S, T, E> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.cell.shared
    }
}

impl<S, T, E: Linked> Drop for Claim<S, T, E> {
    #[expect(unsafe_code, reason = "gives the claim back as its holder")]
    fn drop(&mut self) {
        loop {
            while let Some(envelope) = self.next() {
                drop(envelope);
            }
            // SAFETY: `self` is the claim, and is not used after success.
            if unsafe { self.cell.mailbox.release() } {
                return;
            }
        }
    }
}
