//! A history: a few lives of a process, the last of which ends in peace.

use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;
use parking_lot::Mutex;

use super::check;
use super::shop::{
    Deferred, Ear, Echo, Follower, Mirror, Outside, Publisher, Sink, SlowMirror, Twice, Watcher,
    Witness,
};
use super::store::{Death, Disk};
use super::{FATE, Fate};
use crate::actor::{Actor, ActorId};
use crate::channel::ChannelOptions;
use crate::definition::Definition;
use crate::error::ErrorKind;
use crate::store::{Memory, Store};
use crate::system::System;

/// The publishers.
pub(super) const PUBLISHERS: [&str; 2] = ["ann", "bob"];

/// What the world outside of the process knows.
pub(super) struct World {
    pub(super) witness: Arc<Witness>,
    pub(super) cast: Cast,
    /// By publisher: how many tokens were given out, and the number that each was acknowledged with.
    pub(super) record: Mutex<HashMap<&'static str, Record>>,
}

#[derive(Default)]
pub(super) struct Record {
    pub(super) given_out: u64,
    pub(super) acknowledged: HashMap<u64, u64>,
}

/// Who plays. Few at a time, so that histories are short and there can be many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cast(u64);

impl Cast {
    pub(super) fn has<A: Actor>(self) -> bool {
        members()
            .iter()
            .position(|it| it.type_id == A::definition().type_id)
            .is_some_and(|place| self.0 & (1 << place) != 0)
    }

    pub(super) fn has_outside(self) -> bool {
        self.0 & (1 << 9) != 0
    }

    fn definitions(self) -> Vec<&'static Definition> {
        let chosen =
            members().into_iter().enumerate().filter(|(place, _)| self.0 & (1 << place) != 0);
        chosen.map(|(_, definition)| definition).chain([Publisher::definition()]).collect()
    }
}

fn members() -> [&'static Definition; 9] {
    [
        Mirror::definition(),
        SlowMirror::definition(),
        Twice::definition(),
        Follower::definition(),
        Watcher::definition(),
        Deferred::definition(),
        Sink::definition(),
        Ear::definition(),
        Echo::definition(),
    ]
}

/// What came of a history, and a number that another history would hardly come to.
pub(super) fn run(seed: u64) -> (Result<(), String>, u64) {
    let fate = Fate::new(seed);
    FATE.set(Some(fate.clone()));
    // Each place with a chance of a third, and at least one.
    let cast = (0..10).fold(1 << fate.below(10), |cast, place| {
        if fate.below(3) == 0 { cast | 1 << place } else { cast }
    });
    let witness = Witness {
        fate: fate.clone(),
        data: Memory::new(),
        notes: Mutex::default(),
        faults: Mutex::default(),
        said: Mutex::default(),
        end: Mutex::default(),
    };
    let world = Arc::new(World {
        witness: Arc::new(witness),
        cast: Cast(cast),
        record: Mutex::new(PUBLISHERS.map(|name| (name, Record::default())).into_iter().collect()),
    });
    let mut outcome = Ok(());
    // Few lives each, since a start is dear, so that there can be more histories.
    let crashes = match fate.below(8) {
        0..3 => 0,
        3..6 => 1,
        6 => 2,
        _ => 3,
    };
    for _ in 0..crashes {
        outcome = outcome.and_then(|()| live(&world, false));
    }
    fate.live_on();
    outcome = outcome.and_then(|()| live(&world, true));
    FATE.set(None);
    (outcome.map_err(|error| format!("{error} (cast {cast:#b})")), fate.below(u64::MAX))
}

/// One life of the process; it ends wherever it is.
fn live(world: &Arc<World>, is_last: bool) -> Result<(), String> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let death = Arc::<Death>::default();
    let outcome = runtime.block_on(async {
        let system = match start(world, &death).await {
            Ok(system) => system,
            Err(_) if death.has_come() => return Ok(()),
            Err(error) => return Err(error),
        };
        let fate = &world.witness.fate;
        // Many histories are short, since most faults need little; in some there is much to catch up with.
        let most = if fate.below(8) == 0 { 5 } else { 2 };
        if is_last {
            let acting = act(Arc::clone(world), system.clone(), Arc::clone(&death), most);
            let acted = tokio::time::timeout(Duration::from_mins(1), acting).await;
            acted.map_err(|_| "a call is never answered".to_owned())?;
            // What has failed until now comes right without anything new.
            fate.calm_down();
            check::at_rest(world, &system).await
        } else {
            // Long enough now and then for the log to be trimmed.
            let life = if fate.below(4) == 0 { 25_000 } else { fate.below(600) };
            let acting = act(Arc::clone(world), system, Arc::clone(&death), 1 + fate.below(most));
            let acting = tokio::spawn(acting);
            let _it_dies_or_is_killed =
                tokio::time::timeout(Duration::from_millis(life), death.wait()).await;
            acting.abort();
            Ok(())
        }
    });
    death.come();
    drop(runtime);
    outcome
}

async fn start(world: &Arc<World>, death: &Arc<Death>) -> Result<System, String> {
    let builder = System::builder("simulation")
        .store(Disk::new(&world.witness, death))
        .actors(world.cast.definitions())
        .resource(Arc::clone(&world.witness))
        .channel("spawn.>", ChannelOptions::transient())
        .retention(Duration::from_secs(5));
    let builder = if world.cast.has_outside() {
        builder.external_subscriber(Outside(Arc::clone(&world.witness)))
    } else {
        builder
    };
    builder.start().await.map_err(|error| format!("the start: {error:?}"))
}

/// Says so many new things, and what was not acknowledged before.
async fn act(world: Arc<World>, system: System, death: Arc<Death>, new: u64) {
    if world.cast.has::<Watcher>() {
        begin_watching(&system).await;
    }
    let callers = PUBLISHERS.map(|publisher| {
        let (world, system, death) = (Arc::clone(&world), system.clone(), Arc::clone(&death));
        tokio::spawn(async move {
            let tokens: Vec<u64> = {
                let mut record = world.record.lock();
                let record = record.entry(publisher).or_default();
                record.given_out += new;
                (0..record.given_out).filter(|it| !record.acknowledged.contains_key(it)).collect()
            };
            for token in tokens {
                say(&world, &system, &death, publisher, token).await;
                world.witness.fate.pause().await;
                // Calls between events.
                if world.witness.fate.below(4) == 0 {
                    poke(&world, &system, publisher).await;
                }
            }
        })
    });
    for caller in callers {
        let _ended = caller.await;
    }
}

/// An instance hears what is said after it began; so it begins before anything is said.
async fn begin_watching(system: &System) {
    for name in PUBLISHERS {
        while system.actor_by_id::<Watcher>(name).begin().await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn say(world: &World, system: &System, death: &Death, publisher: &'static str, token: u64) {
    loop {
        let before = saved_number(&world.witness.data, publisher);
        let call = system.actor_by_id::<Publisher>(publisher).say(world.cast.has::<Sink>());
        match call.idempotency_key(token.to_string()).timeout(Duration::from_mins(1)).await {
            Ok(number) => {
                let mut record = world.record.lock();
                record.entry(publisher).or_default().acknowledged.insert(token, number);
                let saved = saved_number(&world.witness.data, publisher);
                if saved < number {
                    let fault =
                        format!("{publisher} responded with {number} when {saved} was saved");
                    world.witness.faults.lock().push(fault);
                }
                return;
            }
            Err(error) => {
                let known = [ErrorKind::Storage, ErrorKind::Stale, ErrorKind::Activation];
                // Nobody else calls this publisher, and these errors say that nothing has changed.
                let saved = saved_number(&world.witness.data, publisher);
                let is_true = saved == before || death.has_come();
                if !known.contains(&error.kind()) || !is_true {
                    let fault = format!("{publisher}: {before} and then {saved} saved: {error:?}");
                    world.witness.faults.lock().push(fault);
                    return;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
}

/// Calls an actor that also hears events; whether it succeeds is of no matter.
async fn poke(world: &World, system: &System, publisher: &str) {
    if world.cast.has::<Mirror>() {
        let _whatever = system.actor::<Mirror>().poke().await;
    }
    if world.cast.has::<Follower>() {
        let _whatever = system.actor_by_id::<Follower>(publisher).poke().await;
    }
}

pub(super) fn saved_number(data: &Memory, publisher: &str) -> u64 {
    let stored = data.load(&ActorId::unnamed("publisher", publisher)).ok().flatten();
    let state = stored.and_then(|stored| stored.state);
    state.map_or(0, |state| {
        <Publisher as prost::Message>::decode(state.bytes).map_or(0, |publisher| publisher.said)
    })
}
