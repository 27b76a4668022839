//! How often a call allocates. A program of its own, with nothing beside it that allocates too.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that reports to a person")]

use std::alloc::System as Heap;

use spawn::prelude::*;
use spawn::{ChannelOptions, System};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

#[derive(Default)]
struct Plain {
    count: i64,
}

#[actor(name = "allocations_plain", stateful = false, channels = [("allocations.light", hear)])]
impl Plain {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    fn hear(&mut self, amount: i64) {
        self.count += amount;
    }
}

#[message(name = "allocations.Durable")]
struct Durable {
    count: i64,
}

#[actor(name = "allocations_durable")]
impl Durable {
    #[action]
    fn count(&self) -> i64 {
        self.count
    }

    #[action]
    fn touch(&mut self) -> i64 {
        self.count
    }

    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }
}

const TIMES: usize = 1_000;

/// The allocations of one run of `call`, on average.
async fn measure<F: Future>(what: &str, most: f64, mut call: impl FnMut() -> F) -> bool {
    for _ in 0..TIMES {
        call().await;
    }
    let region = Region::new(ALLOCATOR);
    for _ in 0..TIMES {
        call().await;
    }
    let change = region.change();
    let made = change.allocations + change.reallocations;
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let each = made as f64 / TIMES as f64;
    // The system's own tasks may allocate now and then meanwhile.
    let is_fine = each < most + 0.1;
    println!(
        "{} {each:.2} allocations (at most {most}): {what}",
        if is_fine { "ok  " } else { "FAIL" }
    );
    is_fine
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let system = System::builder("allocations")
        .in_memory()
        .channel("allocations.light", ChannelOptions::transient())
        .start()
        .await
        .unwrap();
    system.settled().await;
    let (plain, durable) = (system.actor::<Plain>(), system.actor::<Durable>());
    let checks = [
        measure("a call", 0.0, async || plain.add(1).await.unwrap()).await,
        measure("a cast", 0.0, async || plain.add(1).cast().await.unwrap()).await,
        measure("a call that reads a durable actor", 0.0, async || durable.count().await.unwrap())
            .await,
        measure("a call that may change a durable actor and does not", 0.0, async || {
            durable.touch().await.unwrap()
        })
        .await,
        measure("a call that changes a durable actor, kept in memory", 4.0, async || {
            durable.add(1).await.unwrap()
        })
        .await,
        measure("a call by name", 5.0, async || {
            system.invoke("allocations_plain", "add", 1_i64).await.unwrap()
        })
        .await,
        measure("a transient event and its subscriber", 4.0, async || {
            system.broadcast(Broadcast::to("allocations.light", 1_i64)).await.unwrap();
            tokio::task::yield_now().await;
        })
        .await,
    ];
    if checks.into_iter().all(|fine| fine) {
        std::process::ExitCode::SUCCESS
    } else {
        std::process::ExitCode::FAILURE
    }
}
