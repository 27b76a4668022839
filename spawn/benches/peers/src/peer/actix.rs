//! `actix`, whose actors live on single-threaded runtimes of its own, two of them here. Where there is one actor, everything is on
//! the same one, which is where a call costs least; a thousand actors and their callers, and the subscribers, are on both. It has no
//! broadcast: the publisher keeps the addresses.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::work::{
    ACTIVATIONS, ACTORS, Ear, Gate, MAILBOX, Order, Sample, Work, activations, broadcasts, id,
    one_by_one, sends, tasks, together,
};

struct Counter {
    _id: String,
    sum: i64,
    _other: i64,
    begun: Option<Arc<Gate>>,
}

impl Counter {
    fn new(number: u64, begun: Option<Arc<Gate>>) -> Self {
        Self { _id: id(number), sum: 0, _other: 0, begun }
    }
}

impl Actor for Counter {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(MAILBOX);
        if let Some(begun) = self.begun.take() {
            begun.arrive();
        }
    }
}

struct Add(i64);
struct AddLater(i64);

impl Message for Add {
    type Result = i64;
}

impl Message for AddLater {
    type Result = i64;
}

impl Handler<Add> for Counter {
    type Result = i64;

    fn handle(&mut self, Add(amount): Add, _: &mut Self::Context) -> i64 {
        self.sum += amount;
        self.sum
    }
}

impl Handler<AddLater> for Counter {
    type Result = AtomicResponse<Self, i64>;

    fn handle(&mut self, AddLater(amount): AddLater, _: &mut Self::Context) -> Self::Result {
        let waiting = tokio::task::yield_now().into_actor(self);
        AtomicResponse::new(Box::pin(waiting.map(move |(), actor, _| {
            actor.sum += amount;
            actor.sum
        })))
    }
}

struct Link<A: Actor>(Addr<A>);

impl<A: Actor> Actor for Link<A> {
    type Context = Context<Self>;
}

impl<A: Actor<Context = Context<A>> + Handler<Add>> Handler<Add> for Link<A> {
    type Result = ResponseFuture<i64>;

    fn handle(&mut self, add: Add, _: &mut Self::Context) -> Self::Result {
        let next = self.0.clone();
        Box::pin(async move { next.send(add).await.unwrap() })
    }
}

struct Subscriber(Ear);

impl Actor for Subscriber {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(MAILBOX);
    }
}

struct Shared(Arc<Order>);
struct Copied(Order);

impl Message for Shared {
    type Result = ();
}

impl Message for Copied {
    type Result = ();
}

impl Handler<Shared> for Subscriber {
    type Result = ();

    fn handle(&mut self, Shared(order): Shared, _: &mut Self::Context) {
        self.0.hear(&order);
    }
}

impl Handler<Copied> for Subscriber {
    type Result = ();

    fn handle(&mut self, Copied(order): Copied, _: &mut Self::Context) {
        self.0.hear(&order);
    }
}

async fn add(counter: Addr<Counter>) -> i64 {
    counter.send(Add(1)).await.unwrap()
}

/// Half of the actors here, half on `other`.
fn spread<A: Actor<Context = Context<A>> + Send>(
    count: u64,
    other: &ArbiterHandle,
    make: impl Fn(u64) -> A,
) -> Vec<Addr<A>> {
    let here = Arbiter::current();
    let at = |number| if number % 2 == 0 { &here } else { other };
    (0..count)
        .map(|number| {
            let actor = make(number);
            A::start_in_arbiter(at(number), |_| actor)
        })
        .collect()
}

pub fn run(work: Work, time: Duration) -> Option<Sample> {
    let system = System::new();
    let sample = system.block_on(async {
        let start = || Counter::new(0, None).start();
        let arbiter = Arbiter::new();
        let other = arbiter.handle();
        let all = || -> Arc<[_]> { spread(ACTORS, &other, |it| Counter::new(it, None)).into() };
        let here = Arbiter::current();
        let tasks_on_both =
            |caller: u64, task: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
                let at = if caller.is_multiple_of(2) { &here } else { &other };
                assert!(at.spawn(task));
            };
        let sample = match work {
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
                let call = move |number: u64| add(all[number as usize].clone());
                together(time, call, tasks_on_both).await
            }
            Work::Waiting => {
                let all = all();
                let call = move |number: u64| {
                    let one = all[number as usize].clone();
                    async move { one.send(AddLater(1)).await.unwrap() }
                };
                together(time, call, tasks_on_both).await
            }
            Work::Send | Work::SendAcross => {
                let one = if work == Work::Send {
                    start()
                } else {
                    Counter::start_in_arbiter(&other, |_| Counter::new(0, None))
                };
                let flush = one.clone();
                let send = move || {
                    one.do_send(Add(1));
                    std::future::ready(())
                };
                let flush = move || {
                    let one = flush.clone();
                    async move { one.send(Add(0)).await.unwrap() }
                };
                sends(time, send, flush).await
            }
            Work::Chain => {
                let first = Link(Link(start()).start()).start();
                let call = move || {
                    let first = first.clone();
                    async move { first.send(Add(1)).await.unwrap() }
                };
                one_by_one(time, call).await
            }
            Work::Activate => {
                let begun = Arc::new(Gate::new(ACTIVATIONS));
                let gate = Arc::clone(&begun);
                let mut kept = Vec::new();
                let sample = activations(begun, async || {
                    kept.extend(
                        (0..ACTIVATIONS)
                            .map(|it| Counter::new(it, Some(Arc::clone(&gate))).start()),
                    );
                });
                sample.await
            }
            Work::Broadcast { subscribers, copies } => {
                let gate = Arc::new(Gate::new(0));
                let make = |_| Subscriber(Ear::new(&gate, subscribers));
                let all = spread(subscribers as u64, &other, make);
                let gate = Arc::clone(&gate);
                let publish = |order: Order| {
                    if copies {
                        all.iter().for_each(|it| it.do_send(Copied(order.clone())));
                    } else {
                        let order = Arc::new(order);
                        all.iter().for_each(|it| it.do_send(Shared(Arc::clone(&order))));
                    }
                    std::future::ready(())
                };
                broadcasts(time, gate, subscribers, publish).await
            }
        };
        let _stopped = arbiter.stop();
        sample
    });
    Some(sample)
}

pub fn idle(actors: u64, measure: &mut dyn FnMut()) {
    let system = System::new();
    system.block_on(async {
        let begun = Arc::new(Gate::new(actors));
        let kept: Vec<_> = (0..actors)
            .map(|number| Counter::new(number, Some(Arc::clone(&begun))).start())
            .collect();
        begun.wait().await;
        measure();
        drop(kept);
    });
}
