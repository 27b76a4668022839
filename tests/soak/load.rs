//! Who calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use tokio::task::JoinHandle;

use crate::actors::{Dice, Publisher, Tally, Visitor};

const CALLERS: u64 = 12;
/// How many publishers each caller has.
const PUBLISHERS: u64 = 4;
const VISITORS: usize = 20_000;

/// What was acknowledged.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) said: BTreeMap<String, Tally>,
    pub(crate) visits: BTreeMap<usize, u64>,
    /// Calls that were made again, since they had failed.
    pub(crate) repeated: u64,
    pub(crate) errors: u64,
    pub(crate) panics: u64,
    pub(crate) naps: u64,
    pub(crate) dice: Arc<Dice>,
}

pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    callers: Vec<JoinHandle<Done>>,
    dice: Arc<Dice>,
}

impl Load {
    pub(crate) fn begin(system: &System, dice: &Arc<Dice>) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let caller = |number| {
            tokio::spawn(call(system.clone(), number, Arc::clone(dice), Arc::clone(&stop)))
        };
        let callers = (0..CALLERS).map(caller).collect();
        Self { stop: Arc::clone(&stop), callers, dice: Arc::clone(dice) }
    }

    pub(crate) fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    pub(crate) async fn finish(self) -> Done {
        let mut all = Done { dice: Arc::clone(&self.dice), ..Done::default() };
        for caller in self.callers {
            let done = caller.await.unwrap();
            all.said.extend(done.said);
            for (visitor, visits) in done.visits {
                *all.visits.entry(visitor).or_default() += visits;
            }
            all.repeated += done.repeated;
        }
        all.errors = self.dice.errors.load(Ordering::Relaxed);
        all.panics = self.dice.panics.load(Ordering::Relaxed);
        all.naps = self.dice.naps.load(Ordering::Relaxed);
        all
    }
}

/// Says something with each of its publishers in turn, and visits in between, until it is told to stop.
async fn call(system: System, caller: u64, dice: Arc<Dice>, stop: Arc<AtomicBool>) -> Done {
    let mut done = Done::default();
    let mut token = caller;
    while !stop.load(Ordering::SeqCst) {
        for number in 0..PUBLISHERS {
            token += CALLERS;
            let publisher = format!("{caller}-{number}");
            done.repeated += say(&system, &publisher, token).await;
            done.said.entry(publisher).or_default().add(token);
        }
        for _ in 0..3 {
            let visitor = usize::try_from(dice.below(VISITORS as u64)).unwrap();
            visit(&system, visitor).await;
            *done.visits.entry(visitor).or_default() += 1;
        }
        tokio::time::sleep(Duration::from_millis(dice.below(200))).await;
    }
    done
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
pub(crate) async fn visits(system: &System, visitor: usize) -> u64 {
    system.actor_by_id::<Visitor>(visitor.to_string()).visits().await.unwrap()
}
