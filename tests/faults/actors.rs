//! The actors of these tests.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use spawn::ActionError;
use spawn::prelude::*;

#[message(name = "faults.Added")]
pub(crate) struct Added {
    pub(crate) number: u64,
}

/// Counts, and tells of it.
#[message(name = "faults.Ledger")]
pub(crate) struct Ledger {
    total: u64,
    ballast: Vec<u8>,
}

#[actor(name = "faults_ledger")]
impl Ledger {
    /// With so many bytes that nobody needs.
    #[action]
    pub(crate) fn add(&mut self, ballast: u64) -> Value<u64> {
        self.total += 1;
        self.ballast = vec![7; usize::try_from(ballast).unwrap_or_default()];
        Value::from(self.total)
            .broadcast(Broadcast::to("faults.added", Added { number: self.total }))
    }

    #[action]
    pub(crate) fn total(&self) -> u64 {
        self.total
    }
}

/// Counts what it is told of.
#[message(name = "faults.Mirror")]
pub(crate) struct Mirror {
    total: u64,
    /// What did not come in order, or not once.
    wrong: u64,
    last: u64,
}

#[actor(name = "faults_mirror", channels = [("faults.added", added)])]
impl Mirror {
    #[action]
    fn added(&mut self, event: Added) {
        self.total += 1;
        self.wrong += u64::from(event.number != self.last + 1);
        self.last = event.number;
    }

    #[action]
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    #[action]
    pub(crate) fn wrong(&self) -> u64 {
        self.wrong
    }
}

/// A note of its own for each id.
#[message(name = "faults.Note")]
pub(crate) struct Note {
    text: String,
}

#[actor(name = "faults_note", kind = unnamed)]
impl Note {
    #[action]
    pub(crate) fn write(&mut self, text: String) {
        self.text = text;
    }

    #[action]
    pub(crate) fn text(&self) -> String {
        self.text.clone()
    }
}

/// What actions do, and how often they were run.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    /// Whether they do it right.
    pub(crate) works: AtomicBool,
    pub(crate) runs: AtomicU32,
}

impl Switch {
    pub(crate) fn repair(&self) {
        self.works.store(true, Ordering::SeqCst);
    }

    pub(crate) fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }

    fn run(&self) -> bool {
        self.runs.fetch_add(1, Ordering::SeqCst);
        self.works.load(Ordering::SeqCst)
    }
}

/// Never returns while it does not work.
#[message(name = "faults.Sleeper")]
pub(crate) struct Sleeper {
    heard: u64,
}

#[actor(name = "faults_sleeper", kind = unnamed, channels = [("faults.added", added)])]
impl Sleeper {
    #[action(route = number)]
    async fn added(&mut self, switch: &std::sync::Arc<Switch>, _event: Added) {
        if !switch.run() {
            std::future::pending::<()>().await;
        }
        self.heard += 1;
    }

    #[action]
    pub(crate) async fn sleep(&mut self, switch: &std::sync::Arc<Switch>) {
        if !switch.run() {
            std::future::pending::<()>().await;
        }
    }

    #[action]
    pub(crate) fn heard(&self) -> u64 {
        self.heard
    }
}

/// Panics while it does not work.
#[message(name = "faults.Panicker")]
pub(crate) struct Panicker {
    heard: u64,
}

#[actor(
    name = "faults_panicker",
    channels = [("faults.added", added)],
    retry = { attempts = 3, backoff = "1ms", max_backoff = "1ms" },
)]
impl Panicker {
    #[action]
    fn added(&mut self, switch: &std::sync::Arc<Switch>, event: Added) {
        self.heard += 1;
        assert!(switch.run(), "number {} is too much", event.number);
    }

    #[action]
    pub(crate) fn heard(&self) -> u64 {
        self.heard
    }
}

/// Does what it is told, if it works; else says so, and is asked again.
#[message(name = "faults.Worker")]
pub(crate) struct Worker {
    done: u64,
}

#[actor(name = "faults_worker")]
impl Worker {
    #[action]
    pub(crate) fn work(&mut self, switch: &std::sync::Arc<Switch>) -> Result<u64, ActionError> {
        if !switch.run() {
            return Err(ActionError::new("broken", "it does not work"));
        }
        self.done += 1;
        Ok(self.done)
    }

    /// Never returns while it does not work.
    #[action]
    async fn work_slowly(&mut self, switch: &std::sync::Arc<Switch>) {
        if !switch.run() {
            std::future::pending::<()>().await;
        }
        self.done += 1;
    }

    #[action]
    pub(crate) fn done(&self) -> u64 {
        self.done
    }
}

/// Has the worker work, at once and later.
#[message(name = "faults.Boss")]
pub(crate) struct Boss {
    orders: u64,
}

#[actor(name = "faults_boss")]
impl Boss {
    #[action]
    pub(crate) fn order(&mut self, action: String) -> Value<u64> {
        self.orders += 1;
        Value::from(self.orders).effect(SideEffect::to("faults_worker", action, ()))
    }
}

/// Hears the beats of a clock.
#[message(name = "faults.Pulse")]
pub(crate) struct Pulse {
    beats: u64,
}

#[actor(name = "faults_pulse")]
impl Pulse {
    #[action(timer = "10ms")]
    fn beat(&mut self) {
        self.beats += 1;
    }

    #[action]
    pub(crate) fn beats(&self) -> u64 {
        self.beats
    }
}
