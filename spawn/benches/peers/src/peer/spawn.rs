//! `spawn`. The actors are `stateful = false`, as those of the others are: nothing of them lasts.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use spawn::{ChannelOptions, Client, SystemBuilder};

use super::runtime;
use crate::work::{
    self, ACTIVATIONS, ACTORS, Ear, Gate, Order, Sample, Work, activations, broadcasts, id,
    one_by_one, sends, tasks, together,
};

#[derive(Default)]
pub struct Counter {
    count: i64,
    sum: i64,
}

#[actor(name = "peers_counter", kind = unnamed, stateful = false, deactivate_timeout = "1h", mailbox = 1024)]
impl Counter {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += 1;
        self.sum += amount;
        self.sum
    }

    #[action]
    async fn add_later(&mut self, amount: i64) -> i64 {
        tokio::task::yield_now().await;
        self.sum += amount;
        self.sum
    }
}

#[derive(Default)]
pub struct First;

#[actor(name = "peers_first", stateful = false, deactivate_timeout = "1h")]
impl First {
    #[action]
    async fn ask(&self, ctx: &Context, amount: i64) -> spawn::Result<i64> {
        ctx.actor::<Second>().ask(amount).await
    }
}

#[derive(Default)]
pub struct Second;

#[actor(name = "peers_second", stateful = false, deactivate_timeout = "1h")]
impl Second {
    #[action]
    async fn ask(&self, ctx: &Context, amount: i64) -> spawn::Result<i64> {
        ctx.actor_by_id::<Counter>("last").add(amount).await
    }
}

/// Looks at the same event as all the others.
pub struct Sharing(Ear);

#[actor(name = "peers_sharing", kind = unnamed, stateful = false, deactivate_timeout = "1h", channels = [("peers.shared", hear)])]
impl Sharing {
    #[action]
    fn ready(&self) {}

    #[action]
    fn hear(&mut self, order: &Order) {
        self.0.hear(order);
    }
}

/// Gets the event by value.
pub struct Copying(Ear);

#[actor(name = "peers_copying", kind = unnamed, stateful = false, deactivate_timeout = "1h", channels = [("peers.copied", hear)])]
impl Copying {
    #[action]
    fn ready(&self) {}

    #[action]
    fn hear(&mut self, order: Order) {
        self.0.hear(&order);
    }
}

async fn start(with: impl FnOnce(SystemBuilder) -> SystemBuilder) -> System {
    let builder = System::builder("peers").in_memory();
    let builder = builder.channel("peers.>", ChannelOptions::transient());
    with(builder.only::<(Counter, First, Second)>()).start().await.unwrap()
}

pub fn run(work: Work, time: Duration) -> Option<Sample> {
    let runtime = runtime();
    runtime.block_on(async {
        if let Work::Broadcast { subscribers, copies } = work {
            return Some(broadcast(time, subscribers, copies).await);
        }
        let system = start(|builder| builder).await;
        let clients = || -> Arc<[Client<Counter>]> {
            (0..ACTORS).map(|number| system.actor_by_id::<Counter>(id(number))).collect()
        };
        let one = system.actor_by_id::<Counter>(id(0));
        let sample = match work {
            Work::Call => one_by_one(time, move || wait(one.add(1))).await,
            Work::CallersOfOne => together(time, move |_| wait(one.add(1)), tasks).await,
            Work::CallersOfMany => {
                let all = clients();
                together(time, move |number| wait(all[number as usize].add(1)), tasks).await
            }
            Work::Waiting => {
                let all = clients();
                together(time, move |number| wait(all[number as usize].add_later(1)), tasks).await
            }
            Work::Send | Work::SendAcross => {
                let flush = one.clone();
                let send = move || {
                    let cast = one.add(1).cast();
                    async { cast.await.unwrap() }
                };
                sends(time, send, move || wait(flush.add(0))).await
            }
            Work::Chain => {
                let first = system.actor::<First>();
                one_by_one(time, move || wait(first.ask(1))).await
            }
            Work::Activate => {
                activations(Arc::new(Gate::new(0)), || {
                    let system = system.clone();
                    async move {
                        let task = tokio::spawn(async move {
                            for number in 0..ACTIVATIONS {
                                let actor = system.actor_by_id::<Counter>(id(number));
                                actor.add(1).await.unwrap();
                            }
                        });
                        task.await.unwrap();
                    }
                })
                .await
            }
            Work::Broadcast { .. } => return None,
        };
        system.shutdown().await.unwrap();
        Some(sample)
    })
}

async fn wait(call: impl Future<Output = spawn::Result<i64>>) -> i64 {
    call.await.unwrap()
}

async fn broadcast(time: Duration, subscribers: usize, copies: bool) -> Sample {
    let gate = Arc::new(Gate::new(0));
    let system = start(|builder| {
        let (shared, copied) = (Arc::clone(&gate), Arc::clone(&gate));
        builder
            .provide(move |_| Sharing(Ear::new(&shared, subscribers)))
            .provide(move |_| Copying(Ear::new(&copied, subscribers)))
            .only::<(Sharing, Copying)>()
    })
    .await;
    for number in 0..subscribers as u64 {
        if copies {
            system.actor_by_id::<Copying>(id(number)).ready().await.unwrap();
        } else {
            system.actor_by_id::<Sharing>(id(number)).ready().await.unwrap();
        }
    }
    let publisher = system.clone();
    let task = tokio::spawn(async move {
        let channel = if copies { "peers.copied" } else { "peers.shared" };
        broadcasts(time, gate, subscribers, |order| {
            let publishing = publisher.broadcast(Broadcast::to(channel, order));
            async { publishing.await.unwrap() }
        })
        .await
    });
    let sample = task.await.unwrap();
    system.shutdown().await.unwrap();
    sample
}

pub fn idle(actors: u64, measure: &mut dyn FnMut()) {
    let runtime = runtime();
    runtime.block_on(async {
        let system = start(|builder| builder).await;
        for number in 0..actors {
            system.actor_by_id::<Counter>(work::id(number)).add(1).await.unwrap();
        }
        measure();
        system.shutdown().await.unwrap();
    });
}
