//! What the process has in memory, each second: what it takes of the machine, and what is alive in that.

use std::alloc::System as Heap;
use std::ops::Range;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

/// Counts what Rust has.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

/// How much more of what is alive, in MiB, the last third of a load may have than the middle one. What is under way varies by less.
const ALLOWED: f64 = 1.0;

/// A moment, in seconds from the beginning, and what there was in MiB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) at: f64,
    /// What the system says, with what allocators keep for later and the pages of the program itself; 0 where it does not tell.
    pub(crate) resident: f64,
    /// What Rust has allocated and not freed.
    pub(crate) rust: f64,
    /// What SQLite has: its page caches, for the most part.
    pub(crate) sqlite: f64,
}

impl Sample {
    fn take(at: f64) -> Self {
        Self { at, resident: resident(), rust: rust(), sqlite: sqlite() }
    }

    /// What would still be there if allocators kept nothing.
    pub(crate) fn alive(&self) -> f64 {
        self.rust + self.sqlite
    }
}

/// A part of the memory: its name, and how much a sample has of it.
pub(crate) type Part = (&'static str, fn(&Sample) -> f64);

/// Those that are shown.
pub(crate) const PARTS: [Part; 4] = [
    ("resident", |it| it.resident),
    ("alive", Sample::alive),
    ("of that SQLite", |it| it.sqlite),
    ("of that Rust", |it| it.rust),
];

/// Looks each second, from a thread of its own.
pub(crate) struct Watch {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<Vec<Sample>>,
}

impl Watch {
    pub(crate) fn begin(began: Instant) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut samples = Vec::new();
            loop {
                samples.push(Sample::take(began.elapsed().as_secs_f64()));
                match stopped.recv_timeout(Duration::from_secs(1)) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return samples,
                }
            }
        });
        Self { stop, thread }
    }

    pub(crate) fn end(self) -> Vec<Sample> {
        drop(self.stop);
        self.thread.join().unwrap()
    }
}

#[expect(clippy::cast_precision_loss, reason = "to be read by a person")]
fn mib(bytes: i64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    mib(kilobytes.unwrap_or_default() * 1024)
}

/// The two counts are not read at the same time: what is allocated in between may be missing.
fn rust() -> f64 {
    let stats = INSTRUMENTED_SYSTEM.stats();
    let bytes = stats.bytes_allocated.saturating_sub(stats.bytes_deallocated);
    mib(i64::try_from(bytes).unwrap_or(i64::MAX))
}

#[expect(unsafe_code, reason = "a function of SQLite that has no other name")]
fn sqlite() -> f64 {
    // SAFETY: it takes nothing, and may be called from any thread at any time.
    mib(unsafe { rusqlite::ffi::sqlite3_memory_used() })
}

/// What a load had on average when it was well under way, and in the end.
pub(crate) struct Thirds {
    pub(crate) middle: f64,
    pub(crate) last: f64,
}

/// In the first third the load comes to its pace.
pub(crate) fn thirds(samples: &[Sample], load: &Range<f64>, of: fn(&Sample) -> f64) -> Thirds {
    let third = (load.end - load.start) / 3.0;
    let mean = |between: Range<f64>| {
        let found = samples.iter().filter(|it| between.contains(&it.at)).map(of);
        let (count, sum) = found.fold((0.0, 0.0), |(count, sum), mib| (count + 1.0, sum + mib));
        sum / f64::max(count, 1.0)
    };
    let later = load.end - third;
    Thirds { middle: mean(load.start + third..later), last: mean(later..load.end) }
}

/// Whether a load that began with full caches had no more alive in the end than when it was well under way.
pub(crate) fn is_flat(samples: &[Sample], load: &Range<f64>) -> Result<(), String> {
    let Thirds { middle, last } = thirds(samples, load, Sample::alive);
    if last <= middle + ALLOWED {
        return Ok(());
    }
    Err(format!("what is alive has grown under load, from {middle:.1} to {last:.1} MiB"))
}
