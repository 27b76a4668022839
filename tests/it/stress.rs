//! Many callers of one actor, with everything that can go wrong mixed in.
//!
//! `SPAWN_STRESS_SEED` repeats a run; the seed is part of every failure.

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, ErrorKind, System};
use spawn_tests::Random;

const TASKS: u32 = 64;

/// How often the call of each number took effect.
struct Effects(Vec<AtomicU32>);

impl Effects {
    fn new(calls: u32) -> Self {
        Self((0..calls).map(|_| AtomicU32::new(0)).collect())
    }

    fn note(&self, call: u32) {
        self.0[call as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn of(&self, call: u32) -> u32 {
        self.0[call as usize].load(Ordering::Relaxed)
    }
}

/// Counts; the effects are noted where the action would have succeeded.
struct Tally {
    count: u64,
}

#[actor(name = "stress_tally", stateful = false, mailbox = 16)]
impl Tally {
    #[action]
    fn add(&mut self, effects: &Arc<Effects>, call: u32) -> u32 {
        self.count += 1;
        effects.note(call);
        call
    }

    #[action]
    async fn add_slowly(&mut self, effects: &Arc<Effects>, call: u32) -> u32 {
        tokio::task::yield_now().await;
        self.count += 1;
        effects.note(call);
        call
    }

    #[action]
    fn fail(&self, call: u32) -> Result<u32, ActionError> {
        Err(ActionError::new("no", call.to_string()))
    }

    #[action]
    fn count(&self) -> u64 {
        self.count
    }
}

/// As [`Tally`], with a state that is rolled back.
#[message(name = "stress.Ledger")]
struct Ledger {
    count: u64,
}

#[actor(name = "stress_ledger", mailbox = 16)]
impl Ledger {
    #[action]
    fn add(&mut self, effects: &Arc<Effects>, call: u32) -> u32 {
        self.count += 1;
        effects.note(call);
        call
    }

    #[action]
    async fn add_slowly(&mut self, effects: &Arc<Effects>, call: u32) -> u32 {
        self.count += 1;
        tokio::task::yield_now().await;
        effects.note(call);
        call
    }

    #[action]
    fn fail(&mut self, call: u32) -> Result<u32, ActionError> {
        self.count += 1_000_000;
        Err(ActionError::new("no", call.to_string()))
    }

    #[action]
    async fn panic_slowly(&mut self, call: u32) -> u32 {
        self.count += 1_000_000;
        tokio::task::yield_now().await;
        std::panic::resume_unwind(Box::new(format!("call {call}")));
    }

    #[action]
    fn panic(&mut self, call: u32) -> u32 {
        self.count += 1_000_000;
        // Without the hook, which would print each of them.
        std::panic::resume_unwind(Box::new(format!("call {call}")));
    }

    #[action]
    fn count(&self) -> u64 {
        self.count
    }
}

fn seed() -> u64 {
    let given = std::env::var("SPAWN_STRESS_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(Random::any_seed)
}

/// What is known of a call when its caller is done with it.
enum Known {
    /// It was answered: it took effect so often.
    Times(u32),
    /// Nobody waited to the end: once, or not at all.
    AtMostOnce,
}

/// What a caller does.
#[derive(Clone, Copy)]
enum Caller {
    Waits,
    Casts,
    /// Waits for so short a time that it may see a timeout.
    IsImpatient,
    /// Polls once and goes away.
    GoesAway,
}

async fn make<F>(call: F, id: u32, caller: Caller, context: &str) -> Known
where
    F: IntoFuture<Output = spawn::Result<u32>>,
{
    match caller {
        Caller::GoesAway => {
            let mut call = Box::pin(call.into_future());
            let first = std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx)));
            match first.await {
                std::task::Poll::Pending => Known::AtMostOnce,
                std::task::Poll::Ready(answer) => known(answer, id, context),
            }
        }
        _ => known(call.await, id, context),
    }
}

fn known(answer: spawn::Result<u32>, id: u32, context: &str) -> Known {
    match answer {
        Ok(answered) => {
            assert_eq!(answered, id, "{context}: the answer of another call");
            Known::Times(1)
        }
        Err(error) => match error.kind() {
            ErrorKind::Action | ErrorKind::Panic => {
                let text = format!("{error:?}");
                assert!(text.contains(&id.to_string()), "{context}: another call's error: {text}");
                Known::Times(0)
            }
            ErrorKind::Timeout => Known::AtMostOnce,
            _ => panic!("{context}: {error:?}"),
        },
    }
}

/// Calls `$client` as the generator says.
macro_rules! callers {
    ($system:expr, $actor:ty, $calls:expr, $seed:expr, [$($action:ident: $weight:expr),*]) => {{
        let mut tasks = Vec::new();
        for task in 0..TASKS {
            let system = System::clone(&$system);
            let context = format!("SPAWN_STRESS_SEED={} task {task}", $seed);
            tasks.push(tokio::spawn(async move {
                let mut random = Random($seed ^ (u64::from(task) << 32));
                let client = system.actor::<$actor>();
                let mut all = Vec::new();
                for number in 0..$calls {
                    let id = task * $calls + number;
                    let caller = match random.below(100) {
                        0..70 => Caller::Waits,
                        70..80 => Caller::Casts,
                        80..90 => Caller::IsImpatient,
                        _ => Caller::GoesAway,
                    };
                    let mut dice = random.below(100);
                    let mut known = None;
                    $(
                        if known.is_none() && dice < $weight {
                            let call = client.$action(id);
                            known = Some(match caller {
                                Caller::Casts => {
                                    call.cast().await.unwrap();
                                    Known::AtMostOnce
                                }
                                Caller::IsImpatient => {
                                    let call = call.timeout(Duration::from_micros(50));
                                    make(call, id, caller, &context).await
                                }
                                _ => make(call.timeout(Duration::from_mins(1)), id, caller, &context).await,
                            });
                        }
                        dice = dice.saturating_sub($weight);
                    )*
                    let _rest = dice;
                    all.push((id, known.unwrap()));
                }
                all
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    }};
}

fn check(known: Vec<(u32, Known)>, effects: &Effects, count: u64, seed: u64) {
    let mut total = 0;
    let mut answered = 0;
    for (id, known) in known {
        let times = effects.of(id);
        total += u64::from(times);
        match known {
            Known::Times(expected) => {
                answered += 1;
                assert_eq!(times, expected, "SPAWN_STRESS_SEED={seed}: call {id}");
            }
            Known::AtMostOnce => assert!(times <= 1, "SPAWN_STRESS_SEED={seed}: call {id}"),
        }
    }
    assert_eq!(count, total, "SPAWN_STRESS_SEED={seed}");
    assert!(answered > 0 && total > 0, "SPAWN_STRESS_SEED={seed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_call_of_many_is_answered_once() {
    const CALLS: u32 = 10_000;
    let seed = seed();
    let effects = Arc::new(Effects::new(TASKS * CALLS));
    let resource = Arc::clone(&effects);
    let system = TestSystem::with(|builder| {
        builder.only::<(Tally,)>().resource(resource).provide::<Tally>(|_| Tally { count: 0 })
    });
    let system = system.await.unwrap();
    let known = callers!(system, Tally, CALLS, seed, [add: 60, add_slowly: 25, fail: 15]);
    system.settle().await;
    check(known, &effects, system.actor::<Tally>().count().await.unwrap(), seed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_call_is_answered_once_and_failures_are_rolled_back() {
    const CALLS: u32 = 10_000;
    let seed = seed();
    let effects = Arc::new(Effects::new(TASKS * CALLS));
    let resource = Arc::clone(&effects);
    let system = TestSystem::with(|builder| builder.only::<(Ledger,)>().resource(resource));
    let system = system.await.unwrap();
    let known = callers!(
        system, Ledger, CALLS, seed,
        [add: 50, add_slowly: 20, fail: 15, panic: 8, panic_slowly: 7]
    );
    system.settle().await;
    check(known, &effects, system.actor::<Ledger>().count().await.unwrap(), seed);
}
