//! `ractor`, whose mailboxes have no bound; its broadcast is the second version of its output port, which loses nothing.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef, OutputPort, RpcReplyPort};

use super::runtime;
use crate::work::{
    ACTIVATIONS, ACTORS, Ear, Gate, Order, Sample, Work, activations, broadcasts, id, one_by_one,
    sends, tasks, together,
};

struct Counter;

struct State {
    _id: String,
    sum: i64,
    _other: i64,
}

enum Message {
    Add(i64, RpcReplyPort<i64>),
    AddLater(i64, RpcReplyPort<i64>),
    Note(i64),
}

impl Actor for Counter {
    type Msg = Message;
    type State = State;
    type Arguments = (String, Option<Arc<Gate>>);

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        (id, begun): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        if let Some(begun) = begun {
            begun.arrive();
        }
        Ok(State { _id: id, sum: 0, _other: 0 })
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Add(amount, reply) => {
                state.sum += amount;
                reply.send(state.sum)?;
            }
            Message::AddLater(amount, reply) => {
                tokio::task::yield_now().await;
                state.sum += amount;
                reply.send(state.sum)?;
            }
            Message::Note(amount) => state.sum += amount,
        }
        Ok(())
    }
}

/// Asks the next one.
struct Link;

enum Next {
    Link(ActorRef<Pass>),
    Counter(ActorRef<Message>),
}

struct Pass(i64, RpcReplyPort<i64>);

impl Actor for Link {
    type Msg = Pass;
    type State = Next;
    type Arguments = Next;

    async fn pre_start(&self, _: ActorRef<Pass>, next: Next) -> Result<Next, ActorProcessingErr> {
        Ok(next)
    }

    async fn handle(
        &self,
        _: ActorRef<Pass>,
        Pass(amount, reply): Pass,
        next: &mut Next,
    ) -> Result<(), ActorProcessingErr> {
        let response = match next {
            Next::Link(link) => link.call(|reply| Pass(amount, reply), None).await?.unwrap(),
            Next::Counter(counter) => add(counter.clone(), amount).await,
        };
        reply.send(response)?;
        Ok(())
    }
}

struct Subscriber;

enum Heard {
    Shared(Arc<Order>),
    Copied(Order),
}

impl Actor for Subscriber {
    type Msg = Heard;
    type State = Ear;
    type Arguments = Ear;

    async fn pre_start(&self, _: ActorRef<Heard>, ear: Ear) -> Result<Ear, ActorProcessingErr> {
        Ok(ear)
    }

    async fn handle(
        &self,
        _: ActorRef<Heard>,
        heard: Heard,
        ear: &mut Ear,
    ) -> Result<(), ActorProcessingErr> {
        match heard {
            Heard::Shared(order) => ear.hear(&order),
            Heard::Copied(order) => ear.hear(&order),
        }
        Ok(())
    }
}

async fn start(number: u64, begun: Option<Arc<Gate>>) -> ActorRef<Message> {
    Actor::spawn(None, Counter, (id(number), begun)).await.unwrap().0
}

async fn add(counter: ActorRef<Message>, amount: i64) -> i64 {
    counter.call(|reply| Message::Add(amount, reply), None).await.unwrap().unwrap()
}

pub fn run(work: Work, time: Duration) -> Option<Sample> {
    let runtime = runtime();
    let sample = runtime.block_on(async {
        let all = async || -> Arc<[_]> {
            let mut all = Vec::new();
            for number in 0..ACTORS {
                all.push(start(number, None).await);
            }
            all.into()
        };
        match work {
            Work::Call => {
                let one = start(0, None).await;
                one_by_one(time, move || add(one.clone(), 1)).await
            }
            Work::CallersOfOne => {
                let one = start(0, None).await;
                together(time, move |_| add(one.clone(), 1), tasks).await
            }
            Work::CallersOfMany => {
                let all = all().await;
                together(time, move |number| add(all[number as usize].clone(), 1), tasks).await
            }
            Work::Waiting => {
                let all = all().await;
                let call = move |number: u64| {
                    let one = all[number as usize].clone();
                    async move {
                        let call = one.call(|reply| Message::AddLater(1, reply), None);
                        call.await.unwrap().unwrap()
                    }
                };
                together(time, call, tasks).await
            }
            Work::Send | Work::SendAcross => {
                let one = start(0, None).await;
                let flush = one.clone();
                let send = move || {
                    one.cast(Message::Note(1)).unwrap();
                    std::future::ready(())
                };
                sends(time, send, move || add(flush.clone(), 0)).await
            }
            Work::Chain => {
                let last = start(0, None).await;
                let (second, _) = Actor::spawn(None, Link, Next::Counter(last)).await.unwrap();
                let (first, _) = Actor::spawn(None, Link, Next::Link(second)).await.unwrap();
                let call = move || {
                    let first = first.clone();
                    async move { first.call(|reply| Pass(1, reply), None).await.unwrap().unwrap() }
                };
                one_by_one(time, call).await
            }
            Work::Activate => {
                let begun = Arc::new(Gate::new(ACTIVATIONS));
                let gate = Arc::clone(&begun);
                activations(begun, || async {
                    let task = tokio::spawn(async move {
                        let mut kept = Vec::new();
                        for number in 0..ACTIVATIONS {
                            kept.push(start(number, Some(Arc::clone(&gate))).await);
                        }
                    });
                    task.await.unwrap();
                })
                .await
            }
            Work::Broadcast { subscribers, copies } => broadcast(time, subscribers, copies).await,
        }
    });
    runtime.shutdown_background();
    Some(sample)
}

async fn broadcast(time: Duration, subscribers: usize, copies: bool) -> Sample {
    let gate = Arc::new(Gate::new(0));
    let (shared, copied) = (OutputPort::<Arc<Order>>::default(), OutputPort::<Order>::default());
    for _ in 0..subscribers {
        let ear = Ear::new(&gate, subscribers);
        let (actor, _) = Actor::spawn(None, Subscriber, ear).await.unwrap();
        if copies {
            copied.subscribe(actor, |order| Some(Heard::Copied(order)));
        } else {
            shared.subscribe(actor, |order| Some(Heard::Shared(order)));
        }
    }
    let task = tokio::spawn(async move {
        broadcasts(time, gate, subscribers, |order| {
            if copies {
                copied.send(order);
            } else {
                shared.send(Arc::new(order));
            }
            std::future::ready(())
        })
        .await
    });
    task.await.unwrap()
}

pub fn idle(actors: u64, measure: &mut dyn FnMut()) {
    let runtime = runtime();
    runtime.block_on(async {
        let mut kept = Vec::new();
        for number in 0..actors {
            kept.push(start(number, None).await);
        }
        measure();
    });
    runtime.shutdown_background();
}
