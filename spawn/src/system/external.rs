//! External subscribers on their way into a system.

use std::sync::Arc;

use super::env::Env;
use super::registry::Faults;
use crate::channel::Pattern;
use crate::channel::registry::Target;
use crate::delivery::Subscription;
use crate::grammar;
use crate::introspect::Listener;
use crate::reader::{self, Reader};
use crate::store::{NewSubscription, SubscriptionRow};
use crate::stream::EventQueue;
use crate::subscriber::{self, Subscriber};

/// An external subscriber that waits for the start.
pub(super) struct External {
    /// The name of its Rust type.
    type_name: &'static str,
    /// `external:` and its own name, if it has one.
    pub(super) durable: Option<String>,
    /// What is wrong with its name and patterns.
    faults: Vec<String>,
    from_start: bool,
    patterns: Vec<Pattern>,
    run: Supervise,
}

/// Where an external subscriber gets its events from.
enum Source {
    Queue(Arc<EventQueue>),
    Reader(Arc<Reader>),
}

/// Spawns the task that hands events to a subscriber.
type Supervise = Box<dyn FnOnce(&Arc<Env>, Source) + Send>;

impl External {
    pub(super) fn new<S: Subscriber>(subscriber: S) -> Self {
        let name = subscriber.name();
        let name_fault = name.as_deref().and_then(|name| {
            let fault = grammar::check_actor_name(name).err()?;
            Some(format!("the name {name:?} {fault}"))
        });
        let (patterns, faults) = subscriber::patterns(&subscriber);
        let faults = faults.iter().map(ToString::to_string).chain(name_fault).collect();
        Self {
            type_name: std::any::type_name::<S>(),
            durable: name.map(|name| format!("external:{name}")),
            faults,
            from_start: subscriber.from_start(),
            patterns,
            run: Box::new(|env, source| {
                let shared = Arc::clone(env);
                match source {
                    Source::Queue(queue) => {
                        env.handle.spawn(subscriber::supervise(subscriber, queue, shared))
                    }
                    Source::Reader(reader) => {
                        env.handle.spawn(reader::supervise(subscriber, reader, shared))
                    }
                };
            }),
        }
    }

    /// What it is called where it is counted.
    pub(super) fn label(&self) -> &str {
        self.durable.as_deref().unwrap_or(self.type_name)
    }

    /// What can be told of it.
    pub(super) fn listener(&self) -> Listener {
        let name = self.durable.as_deref().and_then(|name| name.strip_prefix("external:"));
        Listener {
            name: name.unwrap_or(self.type_name).to_owned(),
            patterns: self.patterns.clone(),
            is_durable: self.durable.is_some(),
        }
    }

    pub(super) fn check(&self, faults: &mut Faults) {
        for fault in &self.faults {
            faults.add(format!("the external subscriber {}: {fault}", self.type_name));
        }
    }

    /// What it has in the store, if it has a name.
    pub(super) fn subscriptions(&self) -> impl Iterator<Item = NewSubscription> {
        self.durable.iter().flat_map(move |subscriber| {
            self.patterns.iter().map(|pattern| NewSubscription {
                subscriber: subscriber.clone(),
                pattern: pattern.as_str().to_owned(),
                from_start: self.from_start,
            })
        })
    }

    /// Subscribes it, and lets it run.
    pub(super) fn connect(self, env: &Arc<Env>, registered: &[SubscriptionRow]) {
        let patterns = self.patterns;
        let Some(subscriber) = self.durable else {
            let queue = Arc::new(EventQueue::of(self.type_name));
            env.channels.subscribe_queue(&patterns, &queue);
            env.externals.lock().push(Arc::clone(&queue));
            (self.run)(env, Source::Queue(queue));
            return;
        };
        let mut subscriptions = Vec::new();
        for row in registered.iter().filter(|row| row.subscriber == subscriber) {
            // One that the program does not ask for any more stays in the store until it is dropped.
            if let Some(pattern) = patterns.iter().find(|pattern| pattern.as_str() == row.pattern) {
                subscriptions.push(Subscription::new(row, pattern.clone(), 0));
            }
        }
        subscriptions.sort_by_key(|subscription| subscription.id);
        let targets: Vec<_> = subscriptions.iter().map(|it| (it.id, it.pattern.clone())).collect();
        let reader = Arc::new(Reader::new(subscriber, subscriptions.into()));
        for (place, (subscription, pattern)) in targets.iter().enumerate() {
            let earlier = targets.iter().take(place).map(|(_, pattern)| pattern.clone()).collect();
            let (reader, subscription) = (Arc::clone(&reader), *subscription);
            env.channels.subscribe(pattern, Target::Reader { reader, subscription, earlier });
        }
        env.readers.lock().push(Arc::clone(&reader));
        (self.run)(env, Source::Reader(reader));
    }
}
