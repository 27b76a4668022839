//! Everything that a store can do wrong, mixed by a seed, while the shop goes on.
//!
//! `SPAWN_FAULTS_SEED` repeats a run; the seed is part of every failure.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn_tests::Random;

use crate::actors::{Boss, Counter, Mirror, Runs, builder, faulty};
use crate::faulty::Faults;

const CALLERS: i64 = 8;
const CALLS: i64 = 60;

/// Does one thing wrong after the other until it is told to stop.
async fn trouble(faults: Arc<Faults>, mut random: Random, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::SeqCst) {
        match random.below(6) {
            0 => faults.fail_next.store(true, Ordering::SeqCst),
            1 => faults.unknown_before.store(true, Ordering::SeqCst),
            2 => faults.unknown_after.store(true, Ordering::SeqCst),
            3 => faults.fail_next_cursor.store(true, Ordering::SeqCst),
            4 => {
                faults.fail_loads.store(true, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(1)).await;
                faults.fail_loads.store(false, Ordering::SeqCst);
            }
            _ => {
                faults.close_gate();
                tokio::time::sleep(Duration::from_millis(3)).await;
                faults.open_gate();
            }
        }
        tokio::time::sleep(Duration::from_millis(random.below(3))).await;
    }
    for fault in [
        &faults.fail_next,
        &faults.unknown_before,
        &faults.unknown_after,
        &faults.fail_next_cursor,
        &faults.fail_loads,
    ] {
        fault.store(false, Ordering::SeqCst);
    }
    faults.open_gate();
}

/// Calls until it is answered; the key makes a repetition harmless.
async fn announce(system: &System, amount: i64, context: &str) {
    for _ in 0..1_000 {
        let call = system.actor::<Counter>().announce(amount).idempotency_key(amount.to_string());
        match call.timeout(Duration::from_mins(1)).await {
            Ok(_) => return,
            Err(error) => {
                let kinds = [ErrorKind::Storage, ErrorKind::Stale, ErrorKind::Activation];
                assert!(kinds.contains(&error.kind()), "{context}: {error:?}");
            }
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{context}: {amount} is never accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_store_does_nothing_is_lost_and_nothing_is_there_twice() {
    let given = std::env::var("SPAWN_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(Random::any_seed);
    let context = format!("SPAWN_FAULTS_SEED={seed}");
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let builder = builder(&store, &runs).only::<(Counter, Mirror, Boss)>();
    let system = TestSystem::from(builder.start().await.unwrap());

    let stop = Arc::<AtomicBool>::default();
    let troubled = tokio::spawn(trouble(Arc::clone(&faults), Random(seed), Arc::clone(&stop)));
    let callers = (0..CALLERS).map(|caller| {
        let (system, context) = (System::clone(&system), context.clone());
        tokio::spawn(async move {
            for number in 0..CALLS {
                announce(&system, 1 + caller * CALLS + number, &context).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    troubled.await.unwrap();

    let amounts = 1..=CALLERS * CALLS;
    let total: i64 = amounts.clone().sum();
    assert_eq!(system.actor::<Counter>().total().await.unwrap(), total, "{context}");
    let mut reflected = Vec::new();
    for _ in 0..2_000 {
        system.settle().await;
        reflected = system.actor::<Mirror>().seen().await.unwrap().amounts;
        if reflected.len() >= amounts.clone().count() {
            break;
        }
        // A lane that could not read pauses for a second.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let distinct: BTreeSet<_> = reflected.iter().copied().collect();
    assert_eq!(distinct, amounts.collect(), "{context}: what the mirror has seen");
    assert_eq!(reflected.len(), distinct.len(), "{context}: nothing twice");
    // In the order of the log.
    let mut logged = Vec::new();
    let mut after = spawn::Position::from_number(0);
    loop {
        let rows = spawn::store::Store::read_log(&store, after, 1_000).unwrap();
        let Some(last) = rows.last() else { break };
        after = last.position;
        logged.extend(rows.into_iter().filter(|row| row.event.channel.as_str() == "durable.added"));
    }
    let logged: Vec<_> = logged
        .into_iter()
        .map(|row| {
            let payload = row.event.payload;
            let parcel = Parcel::encoded(&payload.type_name, payload.bytes);
            parcel.decode::<crate::actors::Added>().unwrap().amount
        })
        .collect();
    assert_eq!(reflected, logged, "{context}: in the order of the log");
}
