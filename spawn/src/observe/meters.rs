//! The handles of the metrics. They are registered when a system starts, so that nothing is looked up when something happens.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hashbrown::HashMap;
use metrics::{Counter, Gauge, Histogram, Label, Recorder, counter, gauge, histogram};

use super::names::{self, Metric};
use crate::dispatch::TimerEntry;
use crate::error::ErrorKind;
use crate::store::{Commit, StoreError, Verdict};

/// What a system counts and measures.
pub(crate) struct Meters {
    labels: Labels,
    durable: Counter,
    transient: Counter,
    pub(super) unmatched: Counter,
    saved: Counter,
    refused: Counter,
    failed: Counter,
    unknown: Counter,
    commit_seconds: Histogram,
    group_size: Histogram,
    /// Of actors by their names, of external subscribers by what they are called.
    subscribers: HashMap<String, SubscriberMeters>,
}

/// What is counted of whoever gets events and stored calls.
#[derive(Clone)]
pub(crate) struct SubscriberMeters {
    pub(crate) deliveries: Counter,
    pub(crate) retries: Counter,
    dead_letters: Counter,
}

/// What an actor counts and measures.
pub(crate) struct ActorMeters {
    pub(crate) activations: Counter,
    pub(crate) passivations: Counter,
    pub(crate) active: Gauge,
    pub(crate) mailbox: Gauge,
    pub(crate) missed: Counter,
    pub(crate) events: SubscriberMeters,
    actions: Box<[ActionMeters]>,
    ticks_skipped: Box<[(&'static str, Counter)]>,
}

struct ActionMeters {
    name: &'static str,
    ok: Counter,
    error: Counter,
    panic: Counter,
    seconds: Histogram,
}

/// The label that everything has, and what makes others.
#[derive(Clone)]
struct Labels(Label);

impl Labels {
    fn with<const N: usize>(&self, more: [(&'static str, &str); N]) -> Vec<Label> {
        let more = more.into_iter().map(|(key, value)| Label::new(key, value.to_owned()));
        [self.0.clone()].into_iter().chain(more).collect()
    }

    fn counter<const N: usize>(&self, metric: &Metric, more: [(&'static str, &str); N]) -> Counter {
        counter!(metric.name, self.with(more))
    }

    fn gauge<const N: usize>(&self, metric: &Metric, more: [(&'static str, &str); N]) -> Gauge {
        gauge!(metric.name, self.with(more))
    }

    fn histogram<const N: usize>(
        &self,
        metric: &Metric,
        more: [(&'static str, &str); N],
    ) -> Histogram {
        histogram!(metric.name, self.with(more))
    }
}

/// Whether a recorder is installed, for the program or for this thread.
///
/// The facade does not tell. What it has in place of one is a type without fields; whatever records something has to keep it somewhere.
fn is_recorded() -> bool {
    metrics::with_recorder(|recorder: &dyn Recorder| size_of_val(recorder) > 0)
}

impl Meters {
    /// `None` if nobody records. `subscribers` are all that may get something to do.
    pub(crate) fn new<'n>(
        system: &str,
        subscribers: impl IntoIterator<Item = &'n str>,
    ) -> Option<Arc<Self>> {
        if !is_recorded() {
            return None;
        }
        names::describe();
        let labels = Labels(Label::new("system", system.to_owned()));
        let broadcasts = |durable| labels.counter(&names::BROADCASTS, [("durable", durable)]);
        let commits = |outcome| labels.counter(&names::COMMITS, [("outcome", outcome)]);
        let subscriber = |name: &str| {
            let of = |metric| labels.counter(metric, [("subscriber", name)]);
            let (deliveries, retries) = (of(&names::DELIVERIES), of(&names::RETRIES));
            SubscriberMeters { deliveries, retries, dead_letters: of(&names::DEAD_LETTERS) }
        };
        Some(Arc::new(Self {
            durable: broadcasts("true"),
            transient: broadcasts("false"),
            unmatched: labels.counter(&names::UNMATCHED, []),
            saved: commits("saved"),
            refused: commits("refused"),
            failed: commits("failed"),
            unknown: commits("unknown"),
            commit_seconds: labels.histogram(&names::COMMIT_SECONDS, []),
            group_size: labels.histogram(&names::GROUP_SIZE, []),
            subscribers: subscribers
                .into_iter()
                .map(|name| (name.to_owned(), subscriber(name)))
                .collect(),
            labels,
        }))
    }

    /// The handles of an actor; `None` if it is none of the system's.
    pub(crate) fn of_actor(
        &self,
        actor: &str,
        actions: Vec<&'static str>,
        timers: &[TimerEntry],
    ) -> Option<Box<ActorMeters>> {
        let of = |metric| self.labels.counter(metric, [("actor", actor)]);
        let gauge = |metric| self.labels.gauge(metric, [("actor", actor)]);
        let action = |name: &'static str| {
            let both = [("actor", actor), ("action", name)];
            let ended = |outcome| {
                let [one, other] = both;
                self.labels.counter(&names::ACTIONS, [one, other, ("outcome", outcome)])
            };
            ActionMeters {
                name,
                ok: ended("ok"),
                error: ended("error"),
                panic: ended("panic"),
                seconds: self.labels.histogram(&names::ACTION_SECONDS, both),
            }
        };
        let ticks = |timer: &TimerEntry| {
            let both = [("actor", actor), ("action", timer.action)];
            (timer.action, self.labels.counter(&names::TICKS_SKIPPED, both))
        };
        Some(Box::new(ActorMeters {
            activations: of(&names::ACTIVATIONS),
            passivations: of(&names::PASSIVATIONS),
            active: gauge(&names::ACTIVE),
            mailbox: gauge(&names::MAILBOX),
            missed: of(&names::MISSED),
            events: self.subscribers.get(actor)?.clone(),
            actions: actions.into_iter().map(action).collect(),
            ticks_skipped: timers.iter().map(ticks).collect(),
        }))
    }

    /// The gauges of a subscription: events, and seconds.
    pub(super) fn of_subscription(&self, subscriber: &str, pattern: &str) -> (Gauge, Gauge) {
        let both = [("subscriber", subscriber), ("pattern", pattern)];
        (self.labels.gauge(&names::LAG_EVENTS, both), self.labels.gauge(&names::LAG_SECONDS, both))
    }

    pub(super) fn store(&self) -> Gauge {
        self.labels.gauge(&names::STORE_BYTES, [])
    }

    /// Whoever gets events, called as in the store: the name of an actor, with or without the id of an instance, or an external one.
    pub(crate) fn subscriber(&self, id: &str) -> Option<&SubscriberMeters> {
        self.subscribers.get(id.split_once('/').map_or(id, |(name, _)| name))
    }

    pub(crate) fn published(&self, durable: bool) {
        if durable { &self.durable } else { &self.transient }.increment(1);
    }

    /// Measures what `write` does with these commits.
    pub(crate) fn transaction(
        &self,
        commits: &[&Commit],
        write: impl FnOnce() -> Result<Vec<Verdict>, StoreError>,
    ) -> Result<Vec<Verdict>, StoreError> {
        let began = Instant::now();
        let written = write();
        self.commit_seconds.record(began.elapsed());
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        self.group_size.record(commits.len() as f64);
        match &written {
            Ok(verdicts) => {
                for (verdict, commit) in verdicts.iter().zip(commits) {
                    self.decided(*verdict, commit);
                }
            }
            Err(StoreError::Unknown { .. }) => self.unknown.increment(commits.len() as u64),
            Err(_) => self.failed.increment(commits.len() as u64),
        }
        written
    }

    fn decided(&self, verdict: Verdict, commit: &Commit) {
        if !matches!(verdict, Verdict::Committed { .. }) {
            return self.refused.increment(1);
        }
        self.saved.increment(1);
        if let Some(letter) = &commit.dead_letter {
            match self.subscriber(&letter.subscriber) {
                Some(subscriber) => subscriber.dead_letters.increment(1),
                // Of a subscription that the program does not have any more, and that has lapsed.
                None => self
                    .labels
                    .counter(&names::DEAD_LETTERS, [("subscriber", &letter.subscriber)])
                    .increment(1),
            }
        }
    }
}

impl ActorMeters {
    pub(super) fn ended(&self, action: &str, failed: Option<ErrorKind>, took: Duration) {
        let Some(action) = self.actions.iter().find(|it| it.name == action) else { return };
        match failed {
            None => &action.ok,
            Some(ErrorKind::Panic) => &action.panic,
            Some(_) => &action.error,
        }
        .increment(1);
        action.seconds.record(took);
    }

    pub(crate) fn ticks_skipped(&self, action: &str, ticks: u64) {
        let counter = self.ticks_skipped.iter().find(|(name, _)| *name == action);
        if let Some((_, counter)) = counter {
            counter.increment(ticks);
        }
    }
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Meters({})", self.labels.0.value())
    }
}
