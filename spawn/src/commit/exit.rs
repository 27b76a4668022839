//! The way out: what was decided is released by a task of the runtime, while the writer goes on with the next transaction.
//!
//! One wake-up of the runtime lets a whole batch out, and those who are woken by it are woken on one of the runtime's own threads,
//! where that costs a fraction of what it costs on another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::group::Outcome;
use super::pipeline::Boxed;

/// How many are released before others have a turn.
const RELEASES_PER_TURN: usize = 128;

/// What was decided, in the order in which it has to be released.
pub(super) struct Exit {
    handle: Handle,
    queue: Mutex<Queue>,
    /// What was submitted and is not released yet.
    in_flight: AtomicUsize,
}

#[derive(Default)]
struct Queue {
    decided: Vec<(Boxed, Outcome)>,
    /// Whether a task is about to release what is there.
    has_task: bool,
}

impl Exit {
    pub(super) fn new(handle: Handle) -> Arc<Self> {
        Arc::new(Self { handle, queue: Mutex::default(), in_flight: AtomicUsize::new(0) })
    }

    /// Something was submitted and will come here.
    pub(super) fn announce(&self) {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether everything that was announced has been released.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) == 0
    }

    /// Sees to it that `decided` is released, after what was given before, and leaves it empty.
    pub(super) fn let_out(self: &Arc<Self>, decided: &mut Vec<(Boxed, Outcome)>) {
        if decided.is_empty() {
            return;
        }
        let mut queue = self.queue.lock();
        queue.decided.append(decided);
        if !std::mem::replace(&mut queue.has_task, true) {
            drop(queue);
            // Made here, so that it is dropped with a task that never begins.
            self.handle.spawn(Releasing::new(Arc::clone(self)).run());
        }
    }
}

/// What one task releases. Dropped with its runtime, it releases the rest at once: who waits may be in another one.
struct Releasing {
    exit: Arc<Exit>,
    taken: std::vec::IntoIter<(Boxed, Outcome)>,
    /// Whether nothing was left; what came after that is for another task.
    ended: bool,
}

impl Releasing {
    fn new(exit: Arc<Exit>) -> Self {
        Self { exit, taken: Vec::new().into_iter(), ended: false }
    }

    async fn run(mut self) {
        while self.release(RELEASES_PER_TURN) {
            tokio::task::yield_now().await;
        }
    }

    /// Releases so many; `false` if nothing is left.
    fn release(&mut self, most: usize) -> bool {
        for _ in 0..most {
            let next = self.taken.next().or_else(|| {
                let mut queue = self.exit.queue.lock();
                self.taken = std::mem::take(&mut queue.decided).into_iter();
                queue.has_task = self.taken.len() > 0;
                self.ended = !queue.has_task;
                self.taken.next()
            });
            let Some((waiter, outcome)) = next else { return false };
            waiter.release(outcome);
            self.exit.in_flight.fetch_sub(1, Ordering::AcqRel);
        }
        true
    }
}

impl Drop for Releasing {
    fn drop(&mut self) {
        while !self.ended {
            self.release(usize::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Builder;

    use super::*;
    use crate::commit::{Release, Waiter};
    use crate::store::{Commit, Verdict};

    type Log = Arc<Mutex<Vec<usize>>>;

    /// Writes its number down when it is released.
    struct Numbered(usize, Log);

    impl Waiter for Numbered {}

    impl Release for Numbered {
        fn commit(&self) -> Option<&Commit> {
            None
        }

        fn release(self: Box<Self>, _: Outcome) {
            self.1.lock().push(self.0);
        }
    }

    /// Gives the numbers up to `count` to the exit, in small batches.
    fn let_out(exit: &Arc<Exit>, count: usize) -> Log {
        let log = Log::default();
        let numbers: Vec<usize> = (0..count).collect();
        for batch in numbers.chunks(2) {
            let numbered = |number: &usize| -> (Boxed, Outcome) {
                exit.announce();
                (Box::new(Numbered(*number, Arc::clone(&log))), Ok(Verdict::nothing()))
            };
            exit.let_out(&mut batch.iter().map(numbered).collect());
        }
        log
    }

    #[test]
    fn batches_are_released_in_order_by_however_many_tasks() {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let exit = Exit::new(runtime.handle().clone());
        for _ in 0..20 {
            let log = let_out(&exit, 20_000);
            while !exit.is_idle() {
                std::thread::yield_now();
            }
            assert!(log.lock().iter().copied().eq(0..20_000));
        }
    }

    #[test]
    fn a_runtime_that_ends_or_has_ended_keeps_nobody_waiting() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let exit = Exit::new(runtime.handle().clone());
        let before = let_out(&exit, 1_000);
        assert!(!exit.is_idle(), "nobody has run it yet");
        drop(runtime);
        let after = let_out(&exit, 1_000);
        assert!(exit.is_idle());
        for log in [before, after] {
            assert!(log.lock().iter().copied().eq(0..1_000));
        }
    }
}
