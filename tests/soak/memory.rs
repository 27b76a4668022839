//! What the process has in memory, each second.

use std::ops::Range;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How much more, in MiB, the last third of a load may have than the middle one.
pub(crate) const ALLOWED: f64 = 8.0;

/// A moment, in seconds from the beginning, and the resident memory in MiB.
pub(crate) type Sample = (f64, f64);

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
                samples.push((began.elapsed().as_secs_f64(), resident()));
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

/// In MiB; 0 where the system does not tell.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

fn mean(samples: &[Sample], between: Range<f64>) -> f64 {
    let found = samples.iter().filter(|(at, _)| between.contains(at));
    let (count, sum) = found.fold((0.0, 0.0), |(count, sum), (_, mib)| (count + 1.0, sum + mib));
    sum / f64::max(count, 1.0)
}

/// What the last third of a load has more than the middle one: the first fills caches.
pub(crate) fn growth(samples: &[Sample], load: &Range<f64>) -> f64 {
    let third = (load.end - load.start) / 3.0;
    let middle = mean(samples, load.start + third..load.end - third);
    mean(samples, load.end - third..load.end) - middle
}
