//! The cost of finding an event's subscribers: `cargo bench -p spawn --bench matching`.
#![expect(clippy::unwrap_used, reason = "a program that cannot go on ends")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use spawn::prelude::*;
use spawn::{ChannelOptions, EventStream, System};

#[derive(Default)]
struct Bystander;

#[actor(name = "matching_bystander", stateful = false)]
impl Bystander {}

/// A system with `count` subscriptions, a third of them patterns; one matches `tenant0.order.events`.
async fn system(count: usize) -> (System, Vec<EventStream>) {
    let transient = ChannelOptions::transient();
    let system =
        System::builder("matching").in_memory().channel(">", transient).start().await.unwrap();
    let streams = (0..count).map(|number| {
        let pattern = match number % 3 {
            0 => format!("tenant{number}.order.events"),
            1 => format!("tenant{number}.*.events"),
            _ => format!("tenant{number}.>"),
        };
        system.subscribe(pattern).unwrap()
    });
    let streams = streams.collect();
    (system, streams)
}

fn matching(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut group = criterion.benchmark_group("publish to one of so many subscriptions");
    for count in [10, 100_000] {
        let (system, mut streams) = runtime.block_on(system(count));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                let event = Broadcast::to("tenant0.order.events", 1_i64);
                runtime.block_on(system.broadcast(event)).unwrap();
                streams[0].try_next().unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, matching);
criterion_main!(benches);
