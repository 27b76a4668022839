//! The actors of these tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::{ActionError, SystemBuilder};

use crate::faulty::{Faults, Faulty};

/// How often something was run, whatever became of it.
#[derive(Debug, Default)]
pub(crate) struct Runs(AtomicU32);

impl Runs {
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

#[message(name = "durable.Added")]
pub(crate) struct Added {
    pub(crate) amount: i64,
}

#[message(name = "durable.Counter")]
pub(crate) struct Counter {
    total: i64,
}

#[actor(name = "durable_counter")]
impl Counter {
    #[action]
    pub(crate) fn add(&mut self, runs: &Arc<Runs>, amount: i64) -> i64 {
        runs.count();
        self.total += amount;
        self.total
    }

    #[action]
    pub(crate) async fn add_slowly(&mut self, runs: &Arc<Runs>, amount: i64) -> i64 {
        runs.count();
        self.total += amount;
        self.total
    }

    #[action]
    pub(crate) fn announce(&mut self, amount: i64) -> Value<i64> {
        self.total += amount;
        Value::from(self.total).broadcast(Broadcast::to("durable.added", Added { amount }))
    }

    #[action]
    pub(crate) fn touch(&mut self) -> i64 {
        self.total
    }

    #[action]
    pub(crate) fn total(&self) -> i64 {
        self.total
    }

    #[action]
    pub(crate) fn fail(&mut self) -> Result<(), ActionError> {
        self.total = -1;
        Err(ActionError::new("no", "never"))
    }
}

/// Adds up what was announced.
#[message(name = "durable.Mirror")]
pub(crate) struct Mirror {
    total: i64,
    seen: Vec<i64>,
    forgives: bool,
}

#[actor(name = "durable_mirror", channels = [("durable.*", added)])]
impl Mirror {
    #[action]
    pub(crate) fn added(&mut self, runs: &Arc<Runs>, event: Added) -> Result<(), ActionError> {
        runs.count();
        if event.amount == -13 {
            return Err(ActionError::new("unlucky", "13 is not taken"));
        }
        if event.amount == -666 && !self.forgives {
            return Err(ActionError::new("evil", "666 is not taken").fatal());
        }
        self.total += event.amount;
        self.seen.push(event.amount);
        Ok(())
    }

    #[action]
    pub(crate) fn total(&self) -> i64 {
        self.total
    }

    #[action]
    pub(crate) fn forgive(&mut self) {
        self.forgives = true;
    }

    #[action]
    pub(crate) fn seen(&self) -> Seen {
        Seen { amounts: self.seen.clone() }
    }
}

#[message(name = "durable.Seen")]
pub(crate) struct Seen {
    pub(crate) amounts: Vec<i64>,
}

/// One for each customer, all of whom hear of everything.
#[message(name = "durable.Customer")]
pub(crate) struct Customer {
    heard: Vec<i64>,
    visits: i64,
}

#[actor(name = "durable_customer", kind = unnamed, deactivate_timeout = "1s", channels = [("durable.*", added)])]
impl Customer {
    #[action]
    pub(crate) fn added(&mut self, event: Added) {
        self.heard.push(event.amount);
    }

    #[action]
    pub(crate) fn visit(&mut self) -> Seen {
        self.visits += 1;
        Seen { amounts: self.heard.clone() }
    }
}

/// Counts what it is told, and forgets it when it ends.
#[derive(Default)]
pub(crate) struct Ear;

#[actor(name = "durable_ear", stateful = false, channels = [("durable.*", added)])]
impl Ear {
    #[action]
    pub(crate) fn added(&self, runs: &Arc<Runs>, _event: Added) {
        runs.count();
    }

    #[action]
    pub(crate) fn ping(&self) {}
}

/// Has others do something.
#[message(name = "durable.Boss")]
pub(crate) struct Boss {
    orders: i64,
}

#[actor(name = "durable_boss")]
impl Boss {
    /// Has the counter add so much, at once and again after a minute.
    #[action]
    pub(crate) fn order(&mut self, amount: i64) -> Value<i64> {
        self.orders += 1;
        Value::from(self.orders)
            .effect(SideEffect::to("durable_counter", "Add", amount))
            .effect(SideEffect::to("durable_counter", "add", amount).delay(Duration::from_mins(1)))
    }

    #[action]
    pub(crate) fn order_and_fail(&mut self, amount: i64) -> Result<Value<i64>, ActionError> {
        let value = self.order(amount);
        if amount < 0 {
            return Err(ActionError::new("negative", "less than nothing"));
        }
        Ok(value)
    }

    /// An effect on an action that does not exist.
    #[action]
    pub(crate) fn order_nonsense(&self) -> Value<()> {
        Value::of().effect(SideEffect::to("durable_counter", "subtract", 1_i64))
    }
}

/// A system with these actors, on `store`.
pub(crate) fn builder(store: &Faulty, runs: &Arc<Runs>) -> SystemBuilder {
    System::builder("durable").store(store.clone()).resource(Arc::clone(runs))
}

pub(crate) fn counter_and_mirror(store: &Faulty, runs: &Arc<Runs>) -> SystemBuilder {
    builder(store, runs).only::<(Counter, Mirror)>()
}

/// As [`faulty`], for paused time.
pub(crate) fn faulty_in_place() -> (Faulty, Arc<Faults>) {
    let store = Faulty::immediate();
    let faults = Arc::clone(&store.faults);
    (store, faults)
}

/// A store with faults, and what it is told.
pub(crate) fn faulty() -> (Faulty, Arc<Faults>) {
    let store = Faulty::new();
    let faults = Arc::clone(&store.faults);
    (store, faults)
}
