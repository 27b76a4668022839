//! `kameo`, without its `tracing` feature, with bounded mailboxes; its broadcast is `PubSub` of `kameo_actors`, which is used
//! as an object of the publisher, without the hop of an actor in between, and delivers `Guaranteed`.

use std::sync::Arc;
use std::time::Duration;

use kameo::mailbox::bounded;
use kameo::prelude::*;
use kameo_actors::DeliveryStrategy;
use kameo_actors::pubsub::PubSub;

use super::runtime;
use crate::work::{
    ACTIVATIONS, ACTORS, Ear, Gate, MAILBOX, Order, Sample, Work, activations, broadcasts, id,
    one_by_one, sends, tasks, together,
};

struct Counter {
    _id: String,
    sum: i64,
    _other: i64,
}

impl Actor for Counter {
    type Args = (String, Option<Arc<Gate>>);
    type Error = kameo::error::Infallible;

    async fn on_start((id, begun): Self::Args, _: ActorRef<Self>) -> Result<Self, Self::Error> {
        if let Some(begun) = begun {
            begun.arrive();
        }
        Ok(Self { _id: id, sum: 0, _other: 0 })
    }
}

impl Counter {
    fn start(number: u64, begun: Option<Arc<Gate>>) -> ActorRef<Self> {
        Self::spawn_with_mailbox((id(number), begun), bounded(MAILBOX))
    }
}

struct Add(i64);
struct AddLater(i64);

impl Message<Add> for Counter {
    type Reply = i64;

    async fn handle(&mut self, Add(amount): Add, _: &mut Context<Self, i64>) -> i64 {
        self.sum += amount;
        self.sum
    }
}

impl Message<AddLater> for Counter {
    type Reply = i64;

    async fn handle(&mut self, AddLater(amount): AddLater, _: &mut Context<Self, i64>) -> i64 {
        tokio::task::yield_now().await;
        self.sum += amount;
        self.sum
    }
}

#[derive(Actor)]
struct First(ActorRef<Second>);

impl Message<Add> for First {
    type Reply = i64;

    async fn handle(&mut self, add: Add, _: &mut Context<Self, i64>) -> i64 {
        self.0.ask(add).await.unwrap()
    }
}

#[derive(Actor)]
struct Second(ActorRef<Counter>);

impl Message<Add> for Second {
    type Reply = i64;

    async fn handle(&mut self, add: Add, _: &mut Context<Self, i64>) -> i64 {
        self.0.ask(add).await.unwrap()
    }
}

#[derive(Actor)]
struct Subscriber(Ear);

impl Message<Arc<Order>> for Subscriber {
    type Reply = ();

    async fn handle(&mut self, order: Arc<Order>, _: &mut Context<Self, ()>) {
        self.0.hear(&order);
    }
}

impl Message<Order> for Subscriber {
    type Reply = ();

    async fn handle(&mut self, order: Order, _: &mut Context<Self, ()>) {
        self.0.hear(&order);
    }
}

pub fn run(work: Work, time: Duration) -> Option<Sample> {
    let runtime = runtime();
    let sample = runtime.block_on(async {
        let start = || Counter::start(0, None);
        let all =
            || -> Arc<[_]> { (0..ACTORS).map(|number| Counter::start(number, None)).collect() };
        match work {
            Work::Call => {
                let one = start();
                one_by_one(time, move || add(one.clone())).await
            }
            Work::CallersOfOne => {
                let one = start();
                together(time, move |_| add(one.clone()), tasks).await
            }
            Work::CallersOfMany => {
                let all = all();
                together(time, move |number| add(all[number as usize].clone()), tasks).await
            }
            Work::Waiting => {
                let all = all();
                let call = move |number| {
                    let one = all[number as usize].clone();
                    async move { one.ask(AddLater(1)).await.unwrap() }
                };
                together(time, call, tasks).await
            }
            Work::Send | Work::SendAcross => {
                let one = start();
                let flush = one.clone();
                let send = move || {
                    let one = one.clone();
                    async move { one.tell(Add(1)).await.unwrap() }
                };
                let flush = move || {
                    let one = flush.clone();
                    async move { one.ask(Add(0)).await.unwrap() }
                };
                sends(time, send, flush).await
            }
            Work::Chain => {
                let second = Second::spawn_with_mailbox(Second(start()), bounded(MAILBOX));
                let first = First::spawn_with_mailbox(First(second), bounded(MAILBOX));
                let call = move || {
                    let first = first.clone();
                    async move { first.ask(Add(1)).await.unwrap() }
                };
                one_by_one(time, call).await
            }
            Work::Activate => {
                let begun = Arc::new(Gate::new(ACTIVATIONS));
                let gate = Arc::clone(&begun);
                let mut kept = Vec::new();
                let sample = activations(begun, async || {
                    kept.extend(
                        (0..ACTIVATIONS).map(|it| Counter::start(it, Some(Arc::clone(&gate)))),
                    );
                });
                sample.await
            }
            Work::Broadcast { subscribers, copies } => broadcast(time, subscribers, copies).await,
        }
    });
    runtime.shutdown_background();
    Some(sample)
}

async fn add(counter: ActorRef<Counter>) -> i64 {
    counter.ask(Add(1)).await.unwrap()
}

async fn broadcast(time: Duration, subscribers: usize, copies: bool) -> Sample {
    let gate = Arc::new(Gate::new(0));
    let start = || {
        Subscriber::spawn_with_mailbox(Subscriber(Ear::new(&gate, subscribers)), bounded(MAILBOX))
    };
    if copies {
        let mut topic = PubSub::<Order>::new(DeliveryStrategy::Guaranteed);
        (0..subscribers).for_each(|_| topic.subscribe(start()));
        published(time, gate, subscribers, topic, |order| order).await
    } else {
        let mut topic = PubSub::<Arc<Order>>::new(DeliveryStrategy::Guaranteed);
        (0..subscribers).for_each(|_| topic.subscribe(start()));
        published(time, gate, subscribers, topic, Arc::new).await
    }
}

async fn published<M: Clone + Send + 'static>(
    time: Duration,
    gate: Arc<Gate>,
    subscribers: usize,
    topic: PubSub<M>,
    message: fn(Order) -> M,
) -> Sample {
    let topic = Arc::new(tokio::sync::Mutex::new(topic));
    let task = tokio::spawn(async move {
        broadcasts(time, gate, subscribers, move |order| {
            let topic = Arc::clone(&topic);
            async move { topic.lock().await.publish(message(order)).await }
        })
        .await
    });
    task.await.unwrap()
}

pub fn idle(actors: u64, measure: &mut dyn FnMut()) {
    let runtime = runtime();
    runtime.block_on(async {
        let begun = Arc::new(Gate::new(actors));
        let kept: Vec<_> =
            (0..actors).map(|number| Counter::start(number, Some(Arc::clone(&begun)))).collect();
        begun.wait().await;
        measure();
        drop(kept);
    });
    runtime.shutdown_background();
}
