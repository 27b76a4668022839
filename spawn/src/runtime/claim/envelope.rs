//! What waits in a mailbox: one allocation, shared by the mailbox and by the caller who waits for the reply.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::NonNull;

use super::mailbox::{Link, Linked};
use super::sync::Arc;

/// What an envelope carries. `C` is the claim that it is opened with.
pub(crate) trait Content<C: 'static>: Send + Sync + Sized + 'static {
    /// Does the work as far as it goes without waiting.
    fn open(sheet: Arc<Sheet<C, Self>>, claim: &mut C) -> Opened<'_>;

    /// Called instead of `open` when the mailbox ends; whoever waits has to be told.
    fn refuse(&self);
}

/// How far the work of an envelope went.
pub(crate) enum Opened<'c> {
    /// To its end.
    Done,
    /// Up to something that it waits for; nothing else may be opened with the claim before the future is ready.
    Pending(Pin<Box<dyn Future<Output = ()> + Send + 'c>>),
}

/// The allocation: the link that the mailbox uses, how to go on from there, and the content.
#[repr(C)]
pub(crate) struct Sheet<C: 'static, M> {
    header: Header<C>,
    content: M,
}

/// The part of a sheet that does not depend on its content.
#[repr(C)]
struct Header<C: 'static> {
    link: Link,
    actions: &'static Actions<C>,
}

struct Actions<C: 'static> {
    open: for<'c> unsafe fn(NonNull<Link>, &'c mut C) -> Opened<'c>,
    refuse: unsafe fn(NonNull<Link>),
}

impl<C: 'static, M: Content<C>> Sheet<C, M> {
    const ACTIONS: Actions<C> = Actions { open: Self::open, refuse: Self::refuse };

    pub(crate) fn new(content: M) -> Arc<Self>
    where
        C: 'static,
    {
        let actions = const { &Self::ACTIONS };
        Arc::new(Self { header: Header { link: Link::new(), actions }, content })
    }

    /// # Safety
    /// `link` came from `Arc::into_raw` of a sheet of this type, and is given back once.
    #[expect(unsafe_code, reason = "the caller proves where the pointer came from")]
    unsafe fn open(link: NonNull<Link>, claim: &mut C) -> Opened<'_> {
        // SAFETY: the caller's promise; the link is the first field of the header, which is the first of the sheet (`repr(C)`).
        M::open(unsafe { Arc::from_raw(link.cast::<Self>().as_ptr()) }, claim)
    }

    /// # Safety
    /// As for `open`.
    #[expect(unsafe_code, reason = "the caller proves where the pointer came from")]
    unsafe fn refuse(link: NonNull<Link>) {
        // SAFETY: as in `open`.
        unsafe { Arc::from_raw(link.cast::<Self>().as_ptr()) }.content.refuse();
    }
}

impl<C: 'static, M> Deref for Sheet<C, M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.content
    }
}

/// A sheet on its way into a mailbox. It is opened once; dropped unopened, it is refused.
pub(crate) struct Envelope<C: 'static> {
    /// From `Arc::into_raw` of some sheet.
    link: NonNull<Link>,
    marker: PhantomData<fn(&mut C)>,
}

// SAFETY: an envelope is an owned `Arc` of a sheet whose content is `Send + Sync` by `Content`; the link is its own (see `Link`).
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl<C: 'static> Send for Envelope<C> {}

impl<C: 'static> Envelope<C> {
    /// Puts `content` into an envelope that nobody else holds.
    pub(crate) fn new<M: Content<C>>(content: M) -> Self {
        Self::seal(Sheet::new(content))
    }

    /// Puts `content` into an envelope, and keeps a reference to it. There is no way from the reference back into an envelope,
    /// so that a sheet is never in a mailbox twice.
    pub(crate) fn shared<M: Content<C>>(content: M) -> (Self, Arc<Sheet<C, M>>) {
        let sheet = Sheet::new(content);
        (Self::seal(Arc::clone(&sheet)), sheet)
    }

    fn seal<M: Content<C>>(sheet: Arc<Sheet<C, M>>) -> Self {
        let sheet = Arc::into_raw(sheet);
        // The whole allocation is reached through this pointer again, so it must not be narrowed to the link by a reference.
        let link = NonNull::new(sheet.cast_mut().cast::<Link>());
        #[expect(clippy::expect_used, reason = "`Arc::into_raw` is never null")]
        let link = link.expect("an `Arc` points somewhere");
        Self { link, marker: PhantomData }
    }

    /// Opens it.
    #[expect(unsafe_code, reason = "calls through the table of the sheet's own type")]
    pub(crate) fn open(self, claim: &mut C) -> Opened<'_> {
        let this = ManuallyDrop::new(self);
        // SAFETY: `link` is the sheet's, and the table was made for its type; `this` is not used again.
        unsafe { (this.actions().open)(this.link, claim) }
    }
}

impl<C: 'static> Envelope<C> {
    #[expect(unsafe_code, reason = "reads the header of the sheet that it owns")]
    fn actions(&self) -> &'static Actions<C> {
        // SAFETY: the envelope owns its sheet, whose first field is the header (`repr(C)`).
        unsafe { self.link.cast::<Header<C>>().as_ref() }.actions
    }
}

impl<C: 'static> Drop for Envelope<C> {
    #[expect(unsafe_code, reason = "calls through the table of the sheet's own type")]
    fn drop(&mut self) {
        // SAFETY: `link` is the sheet's, the table was made for its type, and the envelope ends here.
        unsafe { (self.actions().refuse)(self.link) }
    }
}

// SAFETY: the link is inside the sheet that the envelope owns, and only reached through the envelope.
#[expect(unsafe_code, reason = "see the comment above")]
unsafe impl<C: 'static> Linked for Envelope<C> {
    fn into_raw(self) -> NonNull<Link> {
        ManuallyDrop::new(self).link
    }

    unsafe fn from_raw(link: NonNull<Link>) -> Self {
        Self { link, marker: PhantomData }
    }
}
