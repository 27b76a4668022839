//! What a call costs, beside a `tokio` channel with a `oneshot` for the reply.
//!
//! `cargo bench -p spawn --bench calls`

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use spawn::prelude::*;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

/// Counts, and would be saved.
#[message(name = "bench.Counter")]
pub struct Counter {
    count: i64,
}

#[actor(mailbox = 100_000)]
impl Counter {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    async fn add_async(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    async fn add_later(&mut self, amount: i64) -> i64 {
        tokio::task::yield_now().await;
        self.count += amount;
        self.count
    }
}

/// Counts, and nothing lasts.
#[derive(Debug, Default)]
pub struct Tally {
    count: i64,
}

#[actor(stateful = false, mailbox = 100_000)]
impl Tally {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }
}

/// Calls others.
#[derive(Debug, Default)]
pub struct Front;

#[actor(stateful = false, ask_timeout = "1h")]
impl Front {
    #[action]
    async fn ask(&self, ctx: &Context, calls: u64) -> spawn::Result<()> {
        let counter = ctx.actor::<Counter>();
        for _ in 0..calls {
            black_box(counter.add(1).await?);
        }
        Ok(())
    }

    #[action]
    async fn ask_async(&self, ctx: &Context, calls: u64) -> spawn::Result<()> {
        let counter = ctx.actor::<Counter>();
        for _ in 0..calls {
            black_box(counter.add_async(1).await?);
        }
        Ok(())
    }

    #[action]
    async fn ask_later(&self, ctx: &Context, calls: u64) -> spawn::Result<()> {
        let counter = ctx.actor::<Counter>();
        for _ in 0..calls {
            black_box(counter.add_later(1).await?);
        }
        Ok(())
    }
}

/// The same work behind a channel.
fn channel() -> mpsc::Sender<(i64, oneshot::Sender<i64>)> {
    let (sender, mut receiver) = mpsc::channel::<(i64, oneshot::Sender<i64>)>(1024);
    tokio::spawn(async move {
        let mut count = 0;
        while let Some((amount, reply)) = receiver.recv().await {
            count += amount;
            let _delivered = reply.send(count);
        }
    });
    sender
}

async fn ask(sender: &mpsc::Sender<(i64, oneshot::Sender<i64>)>, amount: i64) -> i64 {
    let (reply, response) = oneshot::channel();
    sender.send((amount, reply)).await.unwrap();
    response.await.unwrap()
}

/// The time of `calls` calls, one after the other, in a task as those of a program are.
async fn one_by_one<F: Future + Send>(
    calls: u64,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Duration {
    let task = tokio::spawn(async move {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call().await);
        }
        start.elapsed()
    });
    task.await.unwrap()
}

fn sequential(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let _guard = runtime.enter();
    let system = runtime.block_on(System::builder("bench").in_memory().start()).unwrap();
    let mut group = c.benchmark_group("one caller");
    macro_rules! bench {
        ($name:literal, $call:expr) => {
            group.bench_function($name, |b| {
                b.to_async(&runtime).iter_custom(async |calls| one_by_one(calls, $call).await);
            });
        };
    }
    let (counter, tally) = (system.actor::<Counter>(), system.actor::<Tally>());
    bench!("stateless action", {
        let tally = tally.clone();
        move || tally.add(1)
    });
    bench!("stateful action", {
        let counter = counter.clone();
        move || counter.add(1)
    });
    bench!("async action", {
        let counter = counter.clone();
        move || counter.add_async(1)
    });
    bench!("async action that waits", {
        let counter = counter.clone();
        move || counter.add_later(1)
    });
    bench!("cast", {
        let counter = counter.clone();
        move || counter.add(1).cast()
    });
    bench!("by name", {
        let system = system.clone();
        move || system.invoke("counter", "add", 1_i64).into_future()
    });
    let sender = channel();
    bench!("mpsc and oneshot", {
        let sender = sender.clone();
        move || {
            let sender = sender.clone();
            async move { ask(&sender, 1).await }
        }
    });
    group.finish();
}

/// The time of one call when `callers` tasks make `calls` calls each.
async fn together<F: Future + Send>(
    callers: u64,
    calls: u64,
    call: impl Fn() -> F + Clone + Send + 'static,
) -> Duration {
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                for _ in 0..calls {
                    call().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    start.elapsed()
}

fn concurrent(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let _guard = runtime.enter();
    let system = runtime.block_on(System::builder("bench").in_memory().start()).unwrap();
    let mut group = c.benchmark_group("64 callers, one actor");
    group.throughput(criterion::Throughput::Elements(1));
    let counter = system.actor::<Counter>();
    group.bench_function("stateful action", |b| {
        b.to_async(&runtime).iter_custom(async |iterations| {
            let counter = counter.clone();
            let call = move || {
                let call = counter.add(1);
                async move { black_box(call.await.unwrap()) }
            };
            together(64, iterations.div_ceil(64), call).await
        });
    });
    let sender = channel();
    group.bench_function("mpsc and oneshot", |b| {
        b.to_async(&runtime).iter_custom(async |iterations| {
            let sender = sender.clone();
            let call = move || {
                let sender = sender.clone();
                async move { black_box(ask(&sender, 1).await) }
            };
            together(64, iterations.div_ceil(64), call).await
        });
    });
    group.finish();
}

/// What actions ask of other actors.
fn inside(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let _guard = runtime.enter();
    let system = runtime.block_on(System::builder("bench").in_memory().start()).unwrap();
    let mut group = c.benchmark_group("from inside an action");
    let front = system.actor::<Front>();
    macro_rules! bench {
        ($name:literal, $action:ident) => {
            group.bench_function($name, |b| {
                b.to_async(&runtime).iter_custom(async |calls| {
                    let start = Instant::now();
                    front.$action(calls).await.unwrap();
                    start.elapsed()
                });
            });
        };
    }
    bench!("stateful action", ask);
    bench!("async action", ask_async);
    bench!("async action that waits", ask_later);
    group.finish();
}

fn starting(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    c.bench_function("starting a system in memory", |b| {
        b.to_async(&runtime).iter(|| System::builder("bench").in_memory().start());
    });
}

criterion_group!(benches, sequential, concurrent, inside, starting);
criterion_main!(benches);
