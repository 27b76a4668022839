//! Who is subscribed, and the way of an event to them.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use parking_lot::{Mutex, RwLock};
use tokio::runtime::Handle;

use super::{Channel, Matcher, Pattern};
use crate::actor::ActorId;
use crate::event::{Event, EventId, Position};
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::runtime::{AnyInstances, Delivery, Wake};
use crate::stream::EventQueue;

/// The subscriptions of a system.
pub(crate) struct Channels {
    matcher: RwLock<Matcher<Target>>,
    /// Held while an event of one of their channels is given to its subscribers, so that all see the same order.
    order: [Mutex<()>; 64],
    hasher: RandomState,
    position: AtomicU64,
    /// The upper half of every event id of this run.
    run: u64,
    /// Events that an actor is subscribed to and has no clause for.
    unmatched: AtomicU64,
}

/// Where the events of a subscription go.
pub(crate) enum Target {
    /// To the instances of an actor, for the action at this place of its table.
    Actor { instances: Arc<dyn AnyInstances>, action: usize },
    /// To an external subscriber or a stream, unless one of its earlier patterns has sent the event there already.
    Queue { queue: Arc<EventQueue>, earlier: Box<[Pattern]> },
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor { instances, action } => write!(f, "{}[{action}]", instances.name()),
            Self::Queue { .. } => f.write_str("queue"),
        }
    }
}

impl Channels {
    pub(crate) fn new() -> Self {
        let hasher = RandomState::new();
        Self {
            matcher: RwLock::default(),
            order: [const { Mutex::new(()) }; 64],
            position: AtomicU64::new(0),
            // A fresh `RandomState` is seeded by the operating system's randomness.
            run: RandomState::new().build_hasher().finish(),
            hasher,
            unmatched: AtomicU64::new(0),
        }
    }

    pub(crate) fn subscribe(&self, pattern: &Pattern, target: Target) {
        self.matcher.write().insert(pattern, target);
    }

    /// Gives the events of `patterns` to `queue`, each once.
    pub(crate) fn subscribe_queue(&self, patterns: &[Pattern], queue: &Arc<EventQueue>) {
        for (place, pattern) in patterns.iter().enumerate() {
            let earlier = patterns.iter().take(place).cloned().collect();
            self.subscribe(pattern, Target::Queue { queue: Arc::clone(queue), earlier });
        }
    }

    pub(crate) fn unsubscribe_queue(&self, pattern: &Pattern, queue: &Arc<EventQueue>) {
        self.matcher.write().remove(
            pattern,
            |target| matches!(target, Target::Queue { queue: it, .. } if Arc::ptr_eq(it, queue)),
        );
    }

    /// Gives an event to whoever is subscribed. Never waits for one of them: those that have something to do go on in a task.
    pub(crate) fn publish(
        &self,
        handle: &Handle,
        channel: &Channel,
        payload: Parcel,
        publisher: Option<&ActorId>,
        metadata: &Metadata,
    ) {
        let mut wake = Wake::new();
        {
            let stripe = self.hasher.hash_one(channel) % self.order.len() as u64;
            #[expect(clippy::cast_possible_truncation, reason = "below the length of the array")]
            let _order = self.order[stripe as usize].lock();
            let position = self.position.fetch_add(1, Ordering::Relaxed) + 1;
            let matcher = self.matcher.read();
            let found = matcher.find(channel);
            if found.is_empty() {
                return;
            }
            let event = Event::new(
                EventId((u128::from(self.run) << 64) | u128::from(position)),
                Position(position),
                channel.clone(),
                publisher.cloned(),
                SystemTime::now(),
                metadata.clone(),
                payload,
            );
            for (_, target) in found {
                match target {
                    Target::Actor { instances, action } => {
                        let delivery = Delivery { event: event.clone(), action: *action };
                        Arc::clone(instances).offer(&delivery, &mut wake);
                    }
                    Target::Queue { queue, earlier } => {
                        if !earlier.iter().any(|pattern| pattern.matches(channel)) {
                            queue.push(event.clone());
                        }
                    }
                }
            }
        }
        if !wake.is_empty() {
            handle.spawn(async move {
                for cell in wake {
                    cell.run_lane();
                    tokio::task::coop::consume_budget().await;
                }
            });
        }
    }

    pub(crate) fn count_unmatched(&self) {
        self.unmatched.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn clear(&self) {
        self.matcher.write().clear();
    }
}
