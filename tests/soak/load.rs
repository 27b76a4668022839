//! Who calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use tokio::task::JoinHandle;

use crate::actors::{Dice, Publisher, Tally, Visitor};

const CALLERS: u64 = 12;
/// How many publishers each caller has.
const PUBLISHERS: u64 = 4;
const VISITORS: usize = 20_000;
/// How many visitors come at once to fill the caches.
const WARMERS: usize = 16;

/// What was acknowledged.
pub(crate) struct Done {
    pub(crate) said: BTreeMap<String, Tally>,
    /// Of each visitor; as large from the beginning as it will ever be, since the memory is looked at.
    pub(crate) visits: Arc<[AtomicU64]>,
    /// Calls that were made again, since they had failed.
    pub(crate) repeated: u64,
    pub(crate) errors: u64,
    pub(crate) panics: u64,
    pub(crate) naps: u64,
    pub(crate) dice: Arc<Dice>,
}

pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    callers: Vec<JoinHandle<Said>>,
    visits: Arc<[AtomicU64]>,
    dice: Arc<Dice>,
}

/// What a caller had acknowledged, and how often it had to call again.
#[derive(Default)]
struct Said {
    tallies: BTreeMap<String, Tally>,
    repeated: u64,
}

/// How often each visitor has come.
pub(crate) fn nobody_has_come() -> Arc<[AtomicU64]> {
    (0..VISITORS).map(|_| AtomicU64::new(0)).collect()
}

/// Has each visitor come twice. They have more pages than SQLite keeps, and are more than the store knows without looking: after
/// that, no cache has room left.
pub(crate) async fn fill_caches(system: &System, visits: &Arc<[AtomicU64]>) {
    let caller = |number| {
        let (system, visits) = (system.clone(), Arc::clone(visits));
        tokio::spawn(async move {
            for round in 0..2 {
                for visitor in (number..VISITORS).step_by(WARMERS) {
                    visit(&system, visitor).await;
                    visits[visitor].store(round + 1, Ordering::Relaxed);
                }
            }
        })
    };
    let callers: Vec<_> = (0..WARMERS).map(caller).collect();
    for caller in callers {
        caller.await.unwrap();
    }
}

impl Load {
    pub(crate) fn begin(system: &System, dice: &Arc<Dice>, visits: Arc<[AtomicU64]>) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let caller = |number| {
            let (dice, visits, stop) = (Arc::clone(dice), Arc::clone(&visits), Arc::clone(&stop));
            tokio::spawn(call(system.clone(), number, dice, visits, stop))
        };
        let callers = (0..CALLERS).map(caller).collect();
        Self { stop, callers, visits, dice: Arc::clone(dice) }
    }

    pub(crate) fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    pub(crate) async fn finish(self) -> Done {
        let (mut said, mut repeated) = (BTreeMap::new(), 0);
        for caller in self.callers {
            let its = caller.await.unwrap();
            said.extend(its.tallies);
            repeated += its.repeated;
        }
        let (visits, dice) = (self.visits, self.dice);
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (errors, panics, naps) = (of(&dice.errors), of(&dice.panics), of(&dice.naps));
        Done { said, visits, repeated, errors, panics, naps, dice }
    }
}

/// Says something with each of its publishers in turn, and visits in between, until it is told to stop.
async fn call(
    system: System,
    caller: u64,
    dice: Arc<Dice>,
    visits: Arc<[AtomicU64]>,
    stop: Arc<AtomicBool>,
) -> Said {
    let mut said = Said::default();
    let mut token = caller;
    while !stop.load(Ordering::SeqCst) {
        for number in 0..PUBLISHERS {
            token += CALLERS;
            let publisher = format!("{caller}-{number}");
            said.repeated += say(&system, &publisher, token).await;
            said.tallies.entry(publisher).or_default().add(token);
        }
        for _ in 0..3 {
            let visitor = usize::try_from(dice.below(VISITORS as u64)).unwrap();
            visit(&system, visitor).await;
            visits[visitor].fetch_add(1, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(dice.below(200))).await;
    }
    said
}

/// Until it is acknowledged; how often it was repeated.
async fn say(system: &System, publisher: &str, token: u64) -> u64 {
    let mut repeated = 0;
    loop {
        let client = system.actor_by_id::<Publisher>(publisher);
        let call = client.say(token).idempotency_key(token.to_string());
        match call.timeout(Duration::from_mins(1)).await {
            Ok(_) => return repeated,
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Action | ErrorKind::Panic), "{error:?}");
                repeated += 1;
            }
        }
    }
}

/// By name, as a caller in another language would.
async fn visit(system: &System, visitor: usize) {
    let id = visitor.to_string();
    let call = system.invoke(&id, "visit", ()).reference("soak_visitor");
    call.await.unwrap();
}

/// The visits that a visitor says it had.
pub(crate) async fn visits_of(system: &System, visitor: usize) -> u64 {
    system.actor_by_id::<Visitor>(visitor.to_string()).visits().await.unwrap()
}
