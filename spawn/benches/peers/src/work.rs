//! What is done, the same for everyone, and how it is timed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use spawn::prelude::*;
use tokio::sync::Notify;

/// Room for so many messages in each mailbox that is bounded.
pub const MAILBOX: usize = 1_024;
/// Callers that call at the same time.
pub const CALLERS: u64 = 64;
/// The actors that they call.
pub const ACTORS: u64 = 1_000;
/// One-way messages that are sent before the sender waits until they are handled.
const SENDS: u64 = 1_000;

/// One of the comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// One caller, one actor, one call after the other.
    Call,
    /// 64 callers, one actor.
    CallersOfOne,
    /// 64 callers, 1,000 actors.
    CallersOfMany,
    /// One sender, one actor, no responses.
    Send,
    /// The same. Who has a thread for each actor has the sender on another one.
    SendAcross,
    /// A call of an actor that asks a second one, which asks a third one.
    Chain,
    /// 64 callers, 1,000 actors, each of whose actions waits for the scheduler once.
    Waiting,
    /// Actors are made until so many are there.
    Activate,
    /// Events to so many subscribers, each of whom gets a copy of its own, or all of them the same.
    Broadcast { subscribers: usize, copies: bool },
}

impl Work {
    pub const ALL: [Self; 16] = [
        Self::Call,
        Self::CallersOfOne,
        Self::CallersOfMany,
        Self::Send,
        Self::SendAcross,
        Self::Chain,
        Self::Waiting,
        Self::Activate,
        Self::Broadcast { subscribers: 1, copies: false },
        Self::Broadcast { subscribers: 10, copies: false },
        Self::Broadcast { subscribers: 100, copies: false },
        Self::Broadcast { subscribers: 1_000, copies: false },
        Self::Broadcast { subscribers: 1, copies: true },
        Self::Broadcast { subscribers: 10, copies: true },
        Self::Broadcast { subscribers: 100, copies: true },
        Self::Broadcast { subscribers: 1_000, copies: true },
    ];

    pub fn title(self) -> String {
        match self {
            Self::Call => "one caller, one actor".into(),
            Self::CallersOfOne => "64 callers, one actor".into(),
            Self::CallersOfMany => "64 callers, 1,000 actors".into(),
            Self::Send => "one-way sends".into(),
            Self::SendAcross => "one-way sends, actor and sender apart".into(),
            Self::Chain => "a call through three actors".into(),
            Self::Waiting => "64 callers, 1,000 actors, actions that wait".into(),
            Self::Activate => "activation".into(),
            Self::Broadcast { subscribers, copies } => {
                let how = if copies { "a copy each" } else { "shared" };
                format!("broadcast to {subscribers}, {how}")
            }
        }
    }
}

/// So much was done in that time.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub done: u64,
    pub elapsed: Duration,
    /// Whether less arrived than was sent.
    pub lost: bool,
}

impl Sample {
    fn of(done: u64, began: Instant) -> Self {
        Self { done, elapsed: began.elapsed(), lost: false }
    }

    /// The nanoseconds of one.
    pub fn nanos(&self) -> f64 {
        self.elapsed.as_secs_f64() * 1e9 / self.done as f64
    }
}

/// The event that is broadcast: about 100 bytes, most of them text.
#[message(name = "peers.Order")]
pub struct Order {
    pub order_id: String,
    pub customer: String,
    pub note: String,
    pub items: i64,
    pub amount: f64,
}

impl Order {
    pub fn new(number: u64) -> Self {
        Self {
            order_id: format!("order-{number:026}"),
            customer: "customer-0123456789abcdef".to_owned(),
            note: "leave it with the neighbours".to_owned(),
            items: 3,
            amount: 99.5,
        }
    }
}

/// An id of 16 bytes.
pub fn id(number: u64) -> String {
    format!("actor-{number:010}")
}

/// As `one_by_one`, in a task, as the calls of a program are.
pub async fn one_by_one<F>(time: Duration, call: impl Fn() -> F + Send + 'static) -> Sample
where
    F: Future<Output = i64> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let (mut done, began) = (0, Instant::now());
        while began.elapsed() < time {
            for _ in 0..64 {
                std::hint::black_box(call().await);
            }
            done += 64;
        }
        Sample::of(done, began)
    });
    task.await.unwrap()
}

/// So many callers at once, the tasks of `spawn`; `call` is given a number that goes round.
pub async fn together<F>(
    time: Duration,
    call: impl Fn(u64) -> F + Clone + Send + 'static,
    spawn: impl Fn(u64, std::pin::Pin<Box<dyn Future<Output = ()> + Send>>),
) -> Sample
where
    F: Future<Output = i64> + Send + 'static,
{
    let done = Arc::new(AtomicU64::new(0));
    let ended = Arc::new(Gate::new(CALLERS));
    let began = Instant::now();
    for caller in 0..CALLERS {
        let (call, done, ended) = (call.clone(), Arc::clone(&done), Arc::clone(&ended));
        spawn(
            caller,
            Box::pin(async move {
                let mut number = caller * (ACTORS / CALLERS);
                let mut calls = 0;
                while began.elapsed() < time {
                    for _ in 0..16 {
                        number = (number + 1) % ACTORS;
                        std::hint::black_box(call(number).await);
                    }
                    calls += 16;
                }
                done.fetch_add(calls, Ordering::Relaxed);
                ended.arrive();
            }),
        );
    }
    ended.wait().await;
    Sample::of(done.load(Ordering::Relaxed), began)
}

/// The callers are tasks of the runtime.
pub fn tasks(_: u64, task: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) {
    drop(tokio::spawn(task));
}

/// Sends, and after a thousand of them a call, which is answered when all of them are handled.
pub async fn sends<S, F>(
    time: Duration,
    send: impl Fn() -> S + Send + 'static,
    flush: impl Fn() -> F + Send + 'static,
) -> Sample
where
    S: Future<Output = ()> + Send + 'static,
    F: Future<Output = i64> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let (mut done, began) = (0, Instant::now());
        while began.elapsed() < time {
            for _ in 0..SENDS {
                send().await;
            }
            done += SENDS;
            assert_eq!(flush().await, done as i64, "every message was handled");
        }
        Sample::of(done, began)
    });
    task.await.unwrap()
}

/// How many actors an activation makes in a slice.
pub const ACTIVATIONS: u64 = 20_000;

/// Times until `ACTIVATIONS` actors have begun.
pub async fn activations<F: Future<Output = ()>>(
    begun: Arc<Gate>,
    make: impl FnOnce() -> F,
) -> Sample {
    let began = Instant::now();
    make().await;
    begun.wait().await;
    Sample::of(ACTIVATIONS, began)
}

/// Waits until so many have arrived.
pub struct Gate {
    missing: AtomicU64,
    open: Notify,
}

impl Gate {
    pub fn new(count: u64) -> Self {
        Self { missing: AtomicU64::new(count), open: Notify::new() }
    }

    pub fn arrive(&self) {
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.open.notify_one();
        }
    }

    pub async fn wait(&self) {
        while self.missing.load(Ordering::Acquire) > 0 {
            self.open.notified().await;
        }
    }

    fn close(&self, count: u64) {
        self.missing.store(count, Ordering::Release);
    }
}

/// How many events are published before the publisher waits until everybody has had them: fewer than a mailbox holds.
pub const fn round(subscribers: usize) -> u64 {
    if subscribers < 1_000 { 256 } else { 64 }
}

/// One subscriber's part of the work.
pub struct Ear {
    gate: Arc<Gate>,
    round: u64,
    heard: u64,
    items: i64,
}

impl Ear {
    pub fn new(gate: &Arc<Gate>, subscribers: usize) -> Self {
        Self { gate: Arc::clone(gate), round: round(subscribers), heard: 0, items: 0 }
    }

    pub fn hear(&mut self, order: &Order) {
        self.items += order.items + order.order_id.len() as i64;
        self.heard += 1;
        if self.heard % self.round == 0 {
            self.gate.arrive();
        }
    }
}

/// Publishes in rounds; what counts is what was handled.
pub async fn broadcasts<F>(
    time: Duration,
    gate: Arc<Gate>,
    subscribers: usize,
    mut publish: impl FnMut(Order) -> F,
) -> Sample
where
    F: Future<Output = ()>,
{
    // The first round finds everything cold.
    let (mut done, mut began, mut warm, mut number) = (0, Instant::now(), false, 0);
    while began.elapsed() < time {
        gate.close(subscribers as u64);
        for _ in 0..round(subscribers) {
            number += 1;
            publish(Order::new(number)).await;
        }
        if tokio::time::timeout(Duration::from_secs(10), gate.wait()).await.is_err() {
            return Sample { done: 1, elapsed: Duration::from_secs(10), lost: true };
        }
        if warm {
            done += round(subscribers) * subscribers as u64;
        } else {
            (warm, began) = (true, Instant::now());
        }
    }
    Sample::of(done.max(1), began)
}
