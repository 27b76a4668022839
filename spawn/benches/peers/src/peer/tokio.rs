//! What an actor library could be made of: a task with a bounded channel, a `oneshot` for the response, and for a broadcast a
//! vector of senders, or `tokio::sync::broadcast` into as many tasks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot};

use super::runtime;
use crate::work::{
    ACTIVATIONS, ACTORS, Ear, Gate, MAILBOX, Order, Sample, Work, activations, broadcasts, id,
    one_by_one, sends, tasks, together,
};

struct Message {
    amount: i64,
    waits: bool,
    reply: Option<oneshot::Sender<i64>>,
}

type Sender = mpsc::Sender<Message>;

struct Counter {
    _id: String,
    sum: i64,
    _other: i64,
}

fn start(number: u64, begun: Option<Arc<Gate>>) -> Sender {
    let (sender, mut receiver) = mpsc::channel::<Message>(MAILBOX);
    let mut counter = Counter { _id: id(number), sum: 0, _other: 0 };
    tokio::spawn(async move {
        if let Some(begun) = begun {
            begun.arrive();
        }
        while let Some(Message { amount, waits, reply }) = receiver.recv().await {
            if waits {
                tokio::task::yield_now().await;
            }
            counter.sum += amount;
            if let Some(reply) = reply {
                let _delivered = reply.send(counter.sum);
            }
        }
    });
    sender
}

/// Asks the next one.
fn link(next: Sender) -> Sender {
    let (sender, mut receiver) = mpsc::channel::<Message>(MAILBOX);
    tokio::spawn(async move {
        while let Some(Message { amount, reply, .. }) = receiver.recv().await {
            let response = ask(next.clone(), amount, false).await;
            if let Some(reply) = reply {
                let _delivered = reply.send(response);
            }
        }
    });
    sender
}

async fn ask(counter: Sender, amount: i64, waits: bool) -> i64 {
    let (reply, response) = oneshot::channel();
    let message = Message { amount, waits, reply: Some(reply) };
    assert!(counter.send(message).await.is_ok());
    response.await.unwrap()
}

pub fn run(work: Work, time: Duration) -> Option<Sample> {
    let runtime = runtime();
    let sample = runtime.block_on(async {
        let all = || -> Arc<[_]> { (0..ACTORS).map(|number| start(number, None)).collect() };
        match work {
            Work::Call => {
                let one = start(0, None);
                one_by_one(time, move || ask(one.clone(), 1, false)).await
            }
            Work::CallersOfOne => {
                let one = start(0, None);
                together(time, move |_| ask(one.clone(), 1, false), tasks).await
            }
            Work::CallersOfMany | Work::Waiting => {
                let (all, waits) = (all(), work == Work::Waiting);
                let call = move |number: u64| ask(all[number as usize].clone(), 1, waits);
                together(time, call, tasks).await
            }
            Work::Send | Work::SendAcross => {
                let one = start(0, None);
                let flush = one.clone();
                let send = move || {
                    let one = one.clone();
                    async move {
                        let message = Message { amount: 1, waits: false, reply: None };
                        assert!(one.send(message).await.is_ok());
                    }
                };
                sends(time, send, move || ask(flush.clone(), 0, false)).await
            }
            Work::Chain => {
                let first = link(link(start(0, None)));
                one_by_one(time, move || ask(first.clone(), 1, false)).await
            }
            Work::Activate => {
                let begun = Arc::new(Gate::new(ACTIVATIONS));
                let gate = Arc::clone(&begun);
                let mut kept = Vec::new();
                let sample = activations(begun, async || {
                    kept.extend((0..ACTIVATIONS).map(|it| start(it, Some(Arc::clone(&gate)))));
                });
                sample.await
            }
            Work::Broadcast { subscribers, copies: true } => {
                vector(time, subscribers, Order::clone, |order| order).await
            }
            Work::Broadcast { subscribers, copies: false } => {
                vector(time, subscribers, Arc::clone, Arc::new).await
            }
        }
    });
    runtime.shutdown_background();
    Some(sample)
}

/// A sender for each subscriber.
async fn vector<M: std::borrow::Borrow<Order> + Send + Sync + 'static>(
    time: Duration,
    subscribers: usize,
    share: fn(&M) -> M,
    message: fn(Order) -> M,
) -> Sample {
    let gate = Arc::new(Gate::new(0));
    let all: Vec<_> = (0..subscribers)
        .map(|_| {
            let (sender, mut receiver) = mpsc::channel::<M>(MAILBOX);
            let mut ear = Ear::new(&gate, subscribers);
            tokio::spawn(async move {
                while let Some(order) = receiver.recv().await {
                    ear.hear(order.borrow());
                }
            });
            sender
        })
        .collect();
    let all: Arc<[_]> = all.into();
    let publishing = tokio::spawn(async move {
        broadcasts(time, gate, subscribers, move |order| {
            let (all, order) = (Arc::clone(&all), message(order));
            async move {
                for sender in &*all {
                    assert!(sender.send(share(&order)).await.is_ok());
                }
            }
        })
        .await
    });
    publishing.await.unwrap()
}

/// `tokio::sync::broadcast` into as many tasks.
pub fn run_broadcast(work: Work, time: Duration) -> Option<Sample> {
    let Work::Broadcast { subscribers, copies } = work else { return None };
    let runtime = runtime();
    let sample = runtime.block_on(async {
        if copies {
            channel(time, subscribers, |order| order).await
        } else {
            channel(time, subscribers, Arc::new).await
        }
    });
    runtime.shutdown_background();
    Some(sample)
}

async fn channel<M: std::borrow::Borrow<Order> + Clone + Send + Sync + 'static>(
    time: Duration,
    subscribers: usize,
    message: fn(Order) -> M,
) -> Sample {
    let gate = Arc::new(Gate::new(0));
    let (sender, _) = broadcast::channel::<M>(MAILBOX);
    for _ in 0..subscribers {
        let mut receiver = sender.subscribe();
        let mut ear = Ear::new(&gate, subscribers);
        tokio::spawn(async move {
            while let Ok(order) = receiver.recv().await {
                ear.hear(order.borrow());
            }
        });
    }
    let publishing = tokio::spawn(async move {
        broadcasts(time, gate, subscribers, |order| {
            assert!(sender.send(message(order)).is_ok());
            std::future::ready(())
        })
        .await
    });
    publishing.await.unwrap()
}

pub fn idle(actors: u64, measure: &mut dyn FnMut()) {
    let runtime = runtime();
    runtime.block_on(async {
        let begun = Arc::new(Gate::new(actors));
        let kept: Vec<_> =
            (0..actors).map(|number| start(number, Some(Arc::clone(&begun)))).collect();
        begun.wait().await;
        measure();
        drop(kept);
    });
    runtime.shutdown_background();
}
