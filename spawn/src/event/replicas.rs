//! The copies of an event that many subscribers hold: those of a thread count their references in a copy that no other thread counts in.
//!
//! Each subscriber that is given an [`Event`](super::Event) takes a reference and drops it, and a counter that two cores write to in turn costs them more
//! than most actions do.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::Published;

/// For how many threads there is a copy; more than these share.
const THREADS: usize = 8;

/// After how many subscribers the next ones get a copy of their thread's own: to make one costs as much as a few references.
const FEW: u32 = 24;

#[derive(Default)]
pub(super) struct Replicas {
    /// About how many have asked.
    asked: AtomicU32,
    by_thread: OnceLock<Box<[OnceLock<Arc<Published>>; THREADS]>>,
}

impl Replicas {
    /// Where one more subscriber counts its reference: in `original`, or in the copy of this thread.
    #[inline]
    pub(super) fn near<'a>(&'a self, original: &'a Arc<Published>) -> &'a Arc<Published> {
        if let Some(all) = self.by_thread.get() {
            return all[place()].get_or_init(|| original.replica());
        }
        // Two threads may count as one here: nothing depends on how many there were.
        let asked = self.asked.load(Ordering::Relaxed) + 1;
        self.asked.store(asked, Ordering::Relaxed);
        if asked == FEW {
            let _begun = self.by_thread.set(Box::default());
        }
        original
    }
}

/// The place of this thread.
#[inline]
fn place() -> usize {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static PLACE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    #[cold]
    fn take() -> usize {
        let place = NEXT.fetch_add(1, Ordering::Relaxed) as usize % THREADS;
        PLACE.set(Some(place));
        place
    }
    PLACE.get().unwrap_or_else(take)
}

impl Published {
    #[cold]
    fn replica(&self) -> Arc<Self> {
        Arc::new(Self {
            id: self.id,
            position: self.position,
            channel: self.channel.clone(),
            publisher: self.publisher.clone(),
            at: self.at,
            metadata: self.metadata.clone(),
            payload: self.payload.clone(),
            durable: self.durable,
            replicas: Replicas::default(),
        })
    }
}
