//! Whole systems in simulated time, on a store that fails, stalls, leaves outcomes open, and crashes with them.
//!
//! Everything is the runtime itself: the commit pipeline, lanes, dispatch, retries, parking, schedules, retention. A history runs in one
//! thread; whatever could go one way or another asks the seed: how long the store takes, what becomes of a commit, when
//! an action fails, when the process dies. What it leaves behind is compared with what was acknowledged.
//!
//! `SPAWN_SIMULATION_SEEDS=100000 cargo test --profile simulation -p spawn --lib simulation` tries so many histories, well over two
//! thousand a second on two cores; a seed that fails is printed, and `SPAWN_SIMULATION_SEED=7` repeats it.

mod check;
mod history;
mod shop;
mod store;

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// A sixth of what a history costs is memory for its many small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A small generator of numbers.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }
}

/// What decides how a history goes. All of it runs in one thread, so that the seed decides everything.
#[derive(Clone, Debug)]
#[expect(unnameable_types, reason = "a method of the public trait `Store`, in tests alone, has it")]
pub struct Fate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    random: Mutex<Random>,
    /// Whether the process does not die any more.
    lives_on: AtomicBool,
    /// Whether nothing goes wrong any more.
    calm: AtomicBool,
    /// Told when something waits for the pipeline.
    pub(crate) news: Notify,
}

impl Fate {
    fn new(seed: u64) -> Self {
        let random = Mutex::new(Random(seed));
        let (lives_on, calm) = Default::default();
        Self(Arc::new(Inner { random, lives_on, calm, news: Notify::new() }))
    }

    fn below(&self, end: u64) -> u64 {
        self.0.random.lock().below(end)
    }

    /// Whether something goes wrong that does so once in so many times.
    fn goes_wrong(&self, one_in: u64) -> bool {
        !self.0.calm.load(Ordering::Relaxed) && self.below(one_in) == 0
    }

    /// Whether the process dies, as it does once in so many times.
    fn dies(&self, one_in: u64) -> bool {
        !self.0.lives_on.load(Ordering::Relaxed) && self.goes_wrong(one_in)
    }

    fn live_on(&self) {
        self.0.lives_on.store(true, Ordering::Relaxed);
    }

    fn calm_down(&self) {
        self.0.calm.store(true, Ordering::Relaxed);
    }

    /// Takes a while, or lets others go first, or neither. A step of the clock is dear, so what order chance brings is mostly that of
    /// tasks which are ready at the same time.
    pub(crate) async fn pause(&self) {
        match self.below(8) {
            0..3 => {}
            3..6 => tokio::task::yield_now().await,
            _ => tokio::time::sleep(Duration::from_millis(1 + self.below(8))).await,
        }
    }

    pub(crate) fn news(&self) -> &Notify {
        &self.0.news
    }
}

thread_local! {
    /// Set while a history runs in this thread.
    static FATE: RefCell<Option<Fate>> = const { RefCell::new(None) };
}

/// Whether a history runs in this thread.
pub(crate) fn is_running() -> bool {
    FATE.with_borrow(Option::is_some)
}

/// A number for where the runtime asks for any; `None` if no history runs.
pub(crate) fn number() -> Option<u64> {
    FATE.with_borrow(|fate| fate.as_ref().map(|fate| fate.below(u64::MAX)))
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Seeds beyond those that are tried by default, which find a fault that was there.
///
/// - All: an instance that was parked by an earlier life had nothing to catch up with, and a call of it rested on a commit that failed; it
///   stayed parked.
///
/// Whoever changes what a history asks of its seed looks for others: the fault back in, and 300,000 histories.
const ONCE_FAILED: [u64; 3] = [61_134, 178_275, 260_432];

fn try_out(seed: u64) {
    if let (Err(error), _) = history::run(seed) {
        panic!("SPAWN_SIMULATION_SEED={seed}: {error}");
    }
}

#[test]
fn nothing_is_lost_or_there_twice_or_out_of_order() {
    let seeds = match number_in("SPAWN_SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number_in("SPAWN_SIMULATION_SEEDS").unwrap_or(400),
    };
    for seed in ONCE_FAILED {
        try_out(seed);
    }
    let next = AtomicU64::new(seeds.start);
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    try_out(seed);
                }
            });
        }
    });
}

#[test]
fn a_seed_repeats_its_history() {
    for seed in 0..20 {
        assert_eq!(history::run(seed), history::run(seed), "seed {seed}");
    }
}
