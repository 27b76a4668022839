//! Random calls among a few actors: every call is answered, and whoever is told of a circle was in one.
//!
//! `SPAWN_DEADLOCK_SEED` repeats a run; the seed is part of every failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn_tests::Random;

use super::chain;

/// How long what is left behind may take, by the clock of the machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who waits for whom, as the actors see it themselves, and how many circles they were told of.
#[derive(Default)]
struct Seen {
    waits: Mutex<Vec<(String, String)>>,
    circles: AtomicUsize,
    calls: AtomicUsize,
}

impl Seen {
    fn begin(&self, from: &str, to: &str) {
        self.waits.lock().push((from.to_owned(), to.to_owned()));
    }

    /// The caller was answered. A circle that it was told of is there still: nobody else in it goes on before the caller ends.
    fn end<T>(&self, from: &str, to: &str, answer: &spawn::Result<T>) {
        let mut waits = self.waits.lock();
        let is_told = answer.as_ref().err().filter(|error| error.kind() == ErrorKind::Deadlock);
        if let Some(circle) = is_told.and_then(chain) {
            let circle: Vec<_> = circle.split(' ').collect();
            assert_eq!((circle[0], circle[1]), (from, to));
            for pair in circle.windows(2) {
                let is_there = waits.iter().any(|(from, to)| [from.as_str(), to] == pair);
                assert!(is_there, "{circle:?} is no circle in {waits:?}");
            }
            self.circles.fetch_add(1, Ordering::Relaxed);
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let place = waits.iter().position(|(a, b)| (a.as_str(), b.as_str()) == (from, to));
        waits.swap_remove(place.unwrap());
    }
}

/// Calls whom a seed says.
#[derive(Default)]
struct Walker;

#[actor(name = "n_walker", kind = unnamed, stateful = false, mailbox = 3)]
impl Walker {
    #[action]
    async fn walk(&self, ctx: &Context, log: &Arc<Seen>, seed: u64) {
        let mut random = Random(seed);
        // The upper bits are how deep it may go, and how many actors there are.
        let (depth, actors) = (seed >> 60, (seed >> 56) & 15);
        if depth == 0 {
            return;
        }
        for _ in 0..random.below(3) {
            for _ in 0..random.below(3) {
                tokio::task::yield_now().await;
            }
            let (from, to) = (ctx.id().instance().unwrap(), random.below(actors).to_string());
            let next = (depth - 1) << 60 | actors << 56 | random.below(1 << 56);
            let walker = ctx.actor_by_id::<Self>(&to);
            log.begin(from, &to);
            let answer = if random.below(2) == 0 {
                walker.walk(next).await
            } else {
                walker.glance(next).await
            };
            log.end(from, &to, &answer);
            if let Err(error) = answer {
                assert_eq!(error.kind(), ErrorKind::Deadlock, "{error:?}");
                return;
            }
        }
    }

    /// Asks nobody, and does not wait.
    #[action]
    fn glance(&self, seed: u64) {
        std::hint::black_box(seed);
    }
}

fn seed() -> u64 {
    let chosen = std::env::var("SPAWN_DEADLOCK_SEED").ok();
    chosen.map_or_else(Random::any_seed, |seed| seed.parse().unwrap())
}

async fn rounds(rounds: u64) {
    let seed = seed();
    let log = Arc::new(Seen::default());
    let resource = Arc::clone(&log);
    let system = TestSystem::with(|builder| builder.only::<(Walker,)>().resource(resource));
    let system = system.await.unwrap();
    let mut random = Random(seed);
    for round in 0..rounds {
        let actors = 2 + random.below(6);
        let calls: Vec<_> = (0..=random.below(8))
            .map(|_| {
                let seed = (1 + random.below(7)) << 60 | actors << 56 | random.below(1 << 56);
                let walker = system.actor_by_id::<Walker>(random.below(actors).to_string());
                tokio::spawn(walker.walk(seed))
            })
            .collect();
        for call in calls {
            let answer = call.await.unwrap();
            assert!(answer.is_ok(), "seed {seed}, round {round}: {answer:?}");
        }
        // Who is told of a circle that another thread has closed meanwhile leaves the call behind, which had begun; it ends by itself.
        let answered = Instant::now();
        while !log.waits.lock().is_empty() && answered.elapsed() < PATIENCE {
            tokio::task::yield_now().await;
        }
        assert!(log.waits.lock().is_empty(), "seed {seed}, round {round}");
    }
    let (calls, circles) = (&log.calls, &log.circles);
    let (calls, circles) = (calls.load(Ordering::Relaxed), circles.load(Ordering::Relaxed));
    let enough = usize::try_from(rounds).unwrap() / 4;
    assert!(circles > enough && calls > circles, "seed {seed}: {circles} circles, {calls} calls");
    system.settle().await;
}

#[tokio::test(start_paused = true)]
async fn random_calls_end_and_name_true_circles() {
    let began = tokio::time::Instant::now();
    rounds(1_000).await;
    assert!(began.elapsed().as_millis() < 1_000, "nobody waited for a timeout");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_calls_on_several_threads_end_and_name_true_circles() {
    rounds(1_000).await;
}
