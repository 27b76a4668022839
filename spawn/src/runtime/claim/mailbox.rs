//! The mailbox: one word that says whether an actor is claimed, and holds what waits for it.
//!
//! | word | meaning |
//! | --- | --- |
//! | null | idle, nothing waits |
//! | `BUSY` | claimed, nothing waits |
//! | a link | claimed, and this is the newest of what waits; each link points to the one before it |
//!
//! - Whoever swaps null for `BUSY` holds the claim, until it swaps `BUSY` for null.
//! - Anyone may push while the actor is claimed. Nobody can push while it is idle: they get the claim instead.
//! - Only the holder takes from the mailbox, and it always takes everything. That is why a push needs no protection against a
//!   link that comes back at the same address: whatever happened in between, `next` is right if the word is what was read.
//!
//! A claim is taken with `Acquire` and given back with `Release`, so that a holder sees everything that the holders before it
//! did; a push is `Release` and a take `Acquire`, so that the holder sees what was pushed.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use super::sync::{AtomicPtr, Ordering, UnsafeCell};

/// The part of a queued value that the mailbox uses.
#[derive(Debug)]
pub(crate) struct Link {
    /// The link that was pushed before this one. Belongs to whoever owns the link.
    next: UnsafeCell<*mut Link>,
}

// SAFETY: `next` is only touched by the owner of the link: its creator, then the mailbox, then the holder of the claim; each
// hand-over is an atomic operation on the mailbox's word.
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl Send for Link {}
// SAFETY: as above; a shared reference gives no access to `next`.
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl Sync for Link {}

impl Link {
    pub(crate) fn new() -> Self {
        Self { next: UnsafeCell::new(ptr::null_mut()) }
    }
}

/// An owned value that can wait in a mailbox.
///
/// # Safety
/// `into_raw` gives a pointer to a `Link` that stays valid, and that nothing else reads or writes, until it is given to
/// `from_raw`, which makes the value again.
#[expect(unsafe_code, reason = "the contract is part of the type")]
pub(crate) unsafe trait Linked: Sized {
    fn into_raw(self) -> NonNull<Link>;

    /// # Safety
    /// `link` came from `into_raw` of the same type, and is given back once.
    unsafe fn from_raw(link: NonNull<Link>) -> Self;
}

/// The word.
#[derive(Debug)]
pub(crate) struct Mailbox<E: Linked> {
    word: AtomicPtr<Link>,
    marker: PhantomData<E>,
}

/// An address that no link has.
fn busy() -> *mut Link {
    ptr::without_provenance_mut(1)
}

impl<E: Linked> Mailbox<E> {
    pub(super) fn new() -> Self {
        Self { word: AtomicPtr::new(ptr::null_mut()), marker: PhantomData }
    }

    /// Whether nobody holds the claim, and so nothing waits; another thread may change it at once.
    pub(super) fn is_idle(&self) -> bool {
        self.word.load(Ordering::Acquire).is_null()
    }

    /// Takes the claim if nobody holds it.
    pub(super) fn try_claim(&self) -> bool {
        self.word
            .compare_exchange(ptr::null_mut(), busy(), Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    /// Queues `envelope` for the holder of the claim, or takes the claim and gives it back when there is none.
    #[expect(unsafe_code, reason = "writes the link that it owns")]
    pub(super) fn push_or_claim(&self, envelope: E) -> Option<E> {
        let link = envelope.into_raw();
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word.is_null() {
                match self.word.compare_exchange(word, busy(), Ordering::Acquire, Ordering::Relaxed)
                {
                    // SAFETY: `link` came from `into_raw` above and was not published.
                    Ok(_) => return Some(unsafe { E::from_raw(link) }),
                    Err(now) => word = now,
                }
                continue;
            }
            let before = if word == busy() { ptr::null_mut() } else { word };
            // SAFETY: the link is valid until `from_raw`, and ours until the exchange below publishes it.
            let next = unsafe { link.as_ref() }.next.get();
            // SAFETY: as above; nothing else reads or writes `next` meanwhile.
            unsafe { *next = before };
            match self.word.compare_exchange_weak(
                word,
                link.as_ptr(),
                Ordering::Release,
                Ordering::Relaxed,
            ) {
                Ok(_) => return None,
                Err(now) => word = now,
            }
        }
    }

    /// Takes everything that waits, the oldest first.
    ///
    /// # Safety
    /// The caller holds the claim.
    #[expect(unsafe_code, reason = "the caller proves that it holds the claim")]
    pub(super) unsafe fn take(&self) -> Batch<E> {
        let mut newest = self.word.load(Ordering::Relaxed);
        if newest == busy() {
            return Batch::empty();
        }
        newest = self.word.swap(busy(), Ordering::Acquire);
        let mut oldest = ptr::null_mut::<Link>();
        while let Some(link) = NonNull::new(newest) {
            // SAFETY: the swap made every link of the list ours, and each is valid until `from_raw`.
            let next = unsafe { link.as_ref() }.next.get();
            // SAFETY: as above.
            newest = unsafe { ptr::replace(next, oldest) };
            oldest = link.as_ptr();
        }
        Batch { first: oldest, marker: PhantomData }
    }

    /// Gives the claim back; `false` if something waits, and the claim stays.
    ///
    /// # Safety
    /// The caller holds the claim, and does not use it after `true`.
    #[expect(unsafe_code, reason = "the caller proves that it holds the claim")]
    pub(super) unsafe fn release(&self) -> bool {
        self.word
            .compare_exchange(busy(), ptr::null_mut(), Ordering::Release, Ordering::Relaxed)
            .is_ok()
    }
}

impl<E: Linked> Drop for Mailbox<E> {
    #[expect(unsafe_code, reason = "takes what nobody else can reach any more")]
    fn drop(&mut self) {
        if !self.is_idle() {
            // SAFETY: `&mut self` is exclusive, which is more than a claim.
            drop(unsafe { self.take() });
        }
    }
}

/// What a take gave, the oldest first; what is not popped is dropped with it.
#[derive(Debug)]
pub(crate) struct Batch<E: Linked> {
    first: *mut Link,
    marker: PhantomData<E>,
}

// SAFETY: a batch owns its envelopes, as a `Vec<E>` would.
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl<E: Linked + Send> Send for Batch<E> {}

impl<E: Linked> Batch<E> {
    pub(super) fn empty() -> Self {
        Self { first: ptr::null_mut(), marker: PhantomData }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    #[expect(unsafe_code, reason = "reads the link that it owns")]
    pub(super) fn pop(&mut self) -> Option<E> {
        let link = NonNull::new(self.first)?;
        // SAFETY: the batch owns its links, and each is valid until `from_raw`.
        let next = unsafe { link.as_ref() }.next.get();
        // SAFETY: as above.
        self.first = unsafe { *next };
        // SAFETY: the link came from `into_raw`, and the batch has just forgotten it.
        Some(unsafe { E::from_raw(link) })
    }
}

impl<E: Linked> Drop for Batch<E> {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}
