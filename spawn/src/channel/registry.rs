//! Who is subscribed, and the way of an event to them.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::DefaultHashBuilder;
use parking_lot::{Mutex, MutexGuard, RwLock};

use super::{Channel, Matcher, Pattern};
use crate::delivery::Delivery;
use crate::event::{Event, EventId, Position};
use crate::reader::Reader;
use crate::runtime::{AnyInstances, Wake};
use crate::store::SubscriptionId;
use crate::stream::EventQueue;

/// The subscriptions of a system.
pub(crate) struct Channels {
    matcher: RwLock<Matcher<Target>>,
    /// Held while a transient event of one of their channels is given to its subscribers, so that all see the same order.
    order: [Mutex<()>; 64],
    hasher: DefaultHashBuilder,
    /// The last event of the log that was given to its subscribers.
    head: AtomicU64,
    transient: AtomicU64,
    /// The upper half of the ids of this run's transient events.
    run: u64,
    /// Events that an actor is subscribed to and has no clause for.
    unmatched: AtomicU64,
}

/// Where the events of a subscription go.
pub(crate) enum Target {
    /// To the instances of an actor, for the action at this place of its table.
    Actor { instances: Arc<dyn AnyInstances>, action: usize, subscription: SubscriptionId },
    /// To an external subscriber with a name, unless one of its earlier patterns has sent the event there already.
    Reader { reader: Arc<Reader>, subscription: SubscriptionId, earlier: Box<[Pattern]> },
    /// To an external subscriber or a stream, unless one of its earlier patterns has sent the event there already.
    Queue { queue: Arc<EventQueue>, earlier: Box<[Pattern]> },
}

impl Target {
    fn offer(&self, event: Event, wake: &mut Wake) {
        let is_sent_already =
            |earlier: &[Pattern]| earlier.iter().any(|pattern| pattern.matches(event.channel()));
        match self {
            Self::Actor { instances, action, subscription } => {
                let delivery = Delivery { event, action: *action, subscription: *subscription };
                Arc::clone(instances).offer(delivery, wake);
            }
            Self::Reader { reader, subscription, earlier } => {
                if !is_sent_already(earlier) {
                    reader.offer(Delivery { event, action: 0, subscription: *subscription });
                }
            }
            Self::Queue { queue, earlier } => {
                if !is_sent_already(earlier) {
                    queue.push(event);
                }
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor { instances, action, .. } => write!(f, "{}[{action}]", instances.name()),
            Self::Reader { reader, .. } => f.write_str(&reader.subscriber),
            Self::Queue { .. } => f.write_str("queue"),
        }
    }
}

impl Channels {
    pub(crate) fn new(head: Position) -> Self {
        Self {
            matcher: RwLock::default(),
            order: [const { Mutex::new(()) }; 64],
            head: AtomicU64::new(head.0),
            transient: AtomicU64::new(0),
            // A fresh `RandomState` is seeded by the operating system's randomness.
            run: RandomState::new().build_hasher().finish(),
            hasher: DefaultHashBuilder::default(),
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

    /// Gives an event to whoever is subscribed to `channel`; it is only made if someone is. Never waits for a subscriber: those who
    /// have something to do are added to `wake`.
    ///
    /// The caller sees to it that the events of a channel come one after the other.
    pub(crate) fn offer(&self, channel: &Channel, wake: &mut Wake, make: impl FnOnce() -> Event) {
        let matcher = self.matcher.read();
        let found = matcher.find(channel);
        let Some(((_, last), others)) = found.split_last() else { return };
        let event = make();
        for (_, target) in others {
            target.offer(event.clone(), wake);
        }
        last.offer(event, wake);
    }

    /// Held while a transient event of `channel` is offered.
    pub(crate) fn order(&self, channel: &Channel) -> MutexGuard<'_, ()> {
        let stripe = self.hasher.hash_one(channel) % self.order.len() as u64;
        #[expect(clippy::cast_possible_truncation, reason = "below the length of the array")]
        self.order[stripe as usize].lock()
    }

    /// The id of another transient event.
    pub(crate) fn transient_id(&self) -> EventId {
        let number = self.transient.fetch_add(1, Ordering::Relaxed);
        EventId((u128::from(self.run) << 64) | u128::from(number))
    }

    /// The last event of the log that was given to its subscribers.
    pub(crate) fn head(&self) -> Position {
        Position(self.head.load(Ordering::Acquire))
    }

    /// Notes that the events up to `position` were given to their subscribers.
    pub(crate) fn advance(&self, position: Position) {
        self.head.fetch_max(position.0, Ordering::AcqRel);
    }

    pub(crate) fn count_unmatched(&self) {
        self.unmatched.fetch_add(1, Ordering::Relaxed);
    }

    /// How many events no clause took.
    pub(crate) fn unmatched(&self) -> u64 {
        self.unmatched.load(Ordering::Relaxed)
    }

    /// Ends all subscriptions; who reads a queue comes to its end.
    pub(crate) fn clear(&self) {
        let mut ended = Vec::new();
        self.matcher.write().clear(|target| ended.push(target));
        for target in ended {
            if let Target::Queue { queue, .. } = target {
                queue.close();
            }
        }
    }
}
