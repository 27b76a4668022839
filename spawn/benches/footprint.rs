//! The memory of idle actors: `cargo bench -p spawn --bench footprint`.
#![expect(clippy::unwrap_used, reason = "a program that cannot go on ends")]
#![expect(clippy::print_stdout, reason = "a program that reports to a person")]

use std::alloc::System as Heap;
use std::time::{Duration, Instant};

use spawn::System;
use spawn::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

const ACTORS: usize = 100_000;

/// A state of 16 bytes that nobody saves.
#[derive(Debug, Default)]
pub struct Plain {
    count: u64,
    sum: u64,
}

#[actor(name = "footprint_plain", kind = unnamed, stateful = false, deactivate_timeout = "1h")]
impl Plain {
    #[action]
    fn add(&mut self, amount: u64) -> u64 {
        self.count += 1;
        self.sum += amount;
        self.sum
    }
}

/// A state of 16 bytes that is saved.
#[message(name = "footprint.Durable")]
pub struct Durable {
    count: u64,
    sum: u64,
}

#[actor(name = "footprint_durable", kind = unnamed, deactivate_timeout = "1h")]
impl Durable {
    #[action]
    fn sum(&self) -> u64 {
        self.sum + self.count
    }
}

fn report(what: &str, actors: usize, region: &Region<'_, Heap>, began: Instant) {
    let change = region.change();
    let bytes = change.bytes_allocated.wrapping_sub(change.bytes_deallocated) / actors;
    let nanos = began.elapsed() / u32::try_from(actors).unwrap();
    println!("{what}: {bytes} bytes for each of {actors} idle actors, {nanos:?} to activate one");
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let system = System::builder("footprint").in_memory().start().await.unwrap();
        // Ids of 16 bytes.
        let id = |number: usize| format!("actor-{number:010}");
        let (region, began) = (Region::new(ALLOCATOR), Instant::now());
        for number in 0..ACTORS {
            system.actor_by_id::<Plain>(id(number)).add(1).await.unwrap();
        }
        report("stateless", ACTORS, &region, began);
        let (region, began) = (Region::new(ALLOCATOR), Instant::now());
        for number in 0..ACTORS {
            system.actor_by_id::<Durable>(id(number)).sum().await.unwrap();
        }
        report("durable", ACTORS, &region, began);
        tokio::time::timeout(Duration::from_secs(10), system.shutdown()).await.unwrap().unwrap();
    });
}
