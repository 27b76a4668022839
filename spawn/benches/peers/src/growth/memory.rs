//! What grows in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::{ChannelOptions, Event};
use tokio::runtime::Runtime;

use crate::plot::Plot;
use crate::{line, nanos};

#[derive(Default)]
pub struct Counter {
    sum: i64,
}

#[actor(name = "growth_counter", kind = unnamed, stateful = false, deactivate_timeout = "1h")]
impl Counter {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.sum += amount;
        self.sum
    }
}

pub struct Ear(Arc<AtomicU64>);

#[actor(name = "growth_ear", kind = unnamed, stateful = false, deactivate_timeout = "1h", channels = [("growth.told", hear)])]
impl Ear {
    #[action]
    fn ready(&self) {}

    #[action]
    fn hear(&mut self, _event: Event) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn builder() -> spawn::SystemBuilder {
    System::builder("growth").in_memory().channel(">", ChannelOptions::transient())
}

/// Calls here and there among so many actors, in a task.
pub fn actors(runtime: &Runtime) -> Plot {
    let (mut by_id, mut by_client) = (line("by id"), line("by a client that was kept"));
    for count in [1_000_u64, 10_000, 100_000, 1_000_000] {
        let (of_id, of_client) = runtime.block_on(async {
            let system = builder().only::<(Counter,)>().start().await.unwrap();
            let mut clients = Vec::new();
            for number in 0..count {
                let counter = system.actor_by_id::<Counter>(format!("actor-{number:010}"));
                counter.add(1).await.unwrap();
                clients.push(counter);
            }
            let caller = system.clone();
            let task = tokio::spawn(async move {
                // A generator of pseudo-random numbers, so that no cache knows what comes.
                let place =
                    |number: u64| (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % count;
                let of_client = nanos(|number| {
                    let call = clients[place(number) as usize].add(1);
                    async { assert!(call.await.is_ok()) }
                });
                let of_client = of_client.await;
                let of_id = nanos(|number| {
                    let id = format!("actor-{:010}", place(number));
                    let call = caller.actor_by_id::<Counter>(id).add(1);
                    async { assert!(call.await.is_ok()) }
                });
                (of_id.await, of_client)
            });
            let of = task.await.unwrap();
            system.shutdown().await.unwrap();
            of
        });
        by_id.points.push((count as f64, of_id));
        by_client.points.push((count as f64, of_client));
    }
    Plot {
        title: "A call, by the number of actors in memory",
        x: "actors",
        y: "nanoseconds",
        lines: vec![by_id, by_client],
    }
}

/// A transient event to so many instances.
pub fn subscribers(runtime: &Runtime) -> Plot {
    let mut each = line("one delivery");
    for count in [1_u64, 10, 100, 1_000, 10_000] {
        let of_event = runtime.block_on(async {
            let heard = Arc::<AtomicU64>::default();
            let told = Arc::clone(&heard);
            let builder = builder().provide(move |_| Ear(Arc::clone(&told)));
            let system = builder.only::<(Ear,)>().start().await.unwrap();
            for number in 0..count {
                system.actor_by_id::<Ear>(number.to_string()).ready().await.unwrap();
            }
            let publisher = system.clone();
            let task = tokio::spawn(async move {
                nanos(|number| {
                    let publishing = publisher.broadcast(Broadcast::to("growth.told", 1_i64));
                    let heard = Arc::clone(&heard);
                    async move {
                        publishing.await.unwrap();
                        while heard.load(Ordering::Relaxed) < (number + 1) * count {
                            tokio::task::yield_now().await;
                        }
                    }
                })
                .await
            });
            let of_event = task.await.unwrap();
            system.shutdown().await.unwrap();
            of_event
        });
        each.points.push((count as f64, of_event / count as f64));
    }
    Plot {
        title: "A transient event that is published and awaited, by subscribers",
        x: "subscribers",
        y: "nanoseconds of one delivery",
        lines: vec![each],
    }
}

/// An event to the one subscription among so many that wants it; a third of them are names, the others have a `*` or a `>`.
pub fn patterns(runtime: &Runtime) -> Plot {
    let mut publish = line("publish to one of them");
    for count in [10, 100, 1_000, 10_000, 100_000] {
        let of_one = runtime.block_on(async {
            let system = builder().only::<(Counter,)>().start().await.unwrap();
            let streams = (0..count).map(|number| {
                let pattern = match number % 3 {
                    0 => format!("tenant{number}.order.events"),
                    1 => format!("tenant{number}.*.events"),
                    _ => format!("tenant{number}.>"),
                };
                system.subscribe(pattern).unwrap()
            });
            let mut streams: Vec<_> = streams.collect();
            let publisher = system.clone();
            let mut first = streams.swap_remove(0);
            let task = tokio::spawn(async move {
                let of_one = nanos(|_| {
                    let event = Broadcast::to("tenant0.order.events", 1_i64);
                    let publishing = publisher.broadcast(event);
                    async { publishing.await.unwrap() }
                });
                let of_one = of_one.await;
                assert!(first.try_next().is_some());
                of_one
            });
            let of_one = task.await.unwrap();
            let shutdown = tokio::time::timeout(Duration::from_secs(10), system.shutdown());
            shutdown.await.unwrap().unwrap();
            of_one
        });
        publish.points.push((f64::from(count), of_one));
    }
    Plot {
        title: "Finding an event's subscriber, by the number of subscriptions",
        x: "subscriptions",
        y: "nanoseconds of one event",
        lines: vec![publish],
    }
}
