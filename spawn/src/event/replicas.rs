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
        match self.by_thread.get() {
            Some(all) => {
                let own = &all[place()];
                own.get().unwrap_or_else(|| begin(own, original))
            }
            None => self.count(original),
        }
    }

    /// One of the few.
    fn count<'a>(&self, original: &'a Arc<Published>) -> &'a Arc<Published> {
        // Two threads may count as one here: nothing depends on how many there were.
        let asked = self.asked.load(Ordering::Relaxed) + 1;
        self.asked.store(asked, Ordering::Relaxed);
        if asked == FEW {
            let _begun = self.by_thread.set(Box::default());
        }
        original
    }
}

#[cold]
fn begin<'a>(own: &'a OnceLock<Arc<Published>>, original: &Published) -> &'a Arc<Published> {
    own.get_or_init(|| original.replica())
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

#[cfg(test)]
mod tests {
    use std::thread;

    use crate::actor::ActorId;
    use crate::event::{Event, EventId, Position};
    use crate::metadata::Metadata;
    use crate::parcel::Parcel;
    use crate::prelude::*;

    use super::*;

    fn event(text: &str) -> Event {
        let (id, position) = (EventId(7), Position(3));
        let (channel, payload) = (Channel::new("news"), Parcel::new(text.to_owned()));
        let mut metadata = Metadata::new();
        metadata.insert("from", "ann");
        let (publisher, at) = (ActorId::unnamed("desk", "one"), std::time::SystemTime::UNIX_EPOCH);
        Event::new(id, position, channel, Some(publisher), at, metadata, payload, true)
    }

    #[test]
    fn few_share_the_event_and_many_have_what_it_says_without_its_counter() {
        let event = event("as it was");
        let few: Vec<_> = (0..FEW).map(|_| event.near()).collect();
        assert_eq!(Arc::strong_count(&event.published), 1 + few.len());
        let many: Vec<_> = (0..4)
            .map(|_| {
                let event = event.clone();
                thread::spawn(move || (0..50).map(|_| event.near()).collect::<Vec<_>>())
            })
            .flat_map(|heard| heard.join().unwrap())
            .collect();
        assert_eq!(
            Arc::strong_count(&event.published),
            1 + few.len(),
            "those of a thread count by themselves"
        );
        for heard in &many {
            assert!(!Arc::ptr_eq(&heard.published, &event.published));
            assert_eq!(heard.downcast_ref::<String>(), event.downcast_ref());
            let all = |it: &Event| {
                let attempt = (it.attempt(), it.is_durable(), it.published_at());
                (
                    it.id(),
                    it.position(),
                    it.channel().clone(),
                    it.publisher().cloned(),
                    it.metadata().clone(),
                    attempt,
                )
            };
            assert_eq!(all(heard), all(&event));
        }
        // A retry is another attempt wherever it is counted.
        assert_eq!(event.clone().with_attempt(2).near().attempt(), 2);
    }

    #[test]
    fn what_is_heard_is_freed_with_the_last_who_keeps_it() {
        let event = event("kept");
        let mut heard: Vec<_> = (0..FEW + 50).map(|_| event.near()).collect();
        let kept = heard.pop().unwrap();
        let replica = Arc::downgrade(&kept.published);
        let original = Arc::downgrade(&event.published);
        drop((heard, event));
        assert!(original.upgrade().is_none(), "a replica keeps nothing but itself");
        assert_eq!(kept.downcast_ref::<String>().map(String::as_str), Some("kept"));
        drop(kept);
        assert!(replica.upgrade().is_none());
    }
}
