//! The way out: what was decided is released by a task of the runtime, while the writer goes on with the next transaction.
//!
//! One wake-up of the runtime lets a whole batch out, and those who are woken by it are woken on one of the runtime's own threads,
//! where that costs a fraction of what it costs on another.
//!
//! A commit that is alone is waited for by that task, awake, if the store is fast: to be woken would take its caller a good part of the time that
//! the commit takes. Whatever else has something to do has its turn meanwhile.
//!
//! It knows what is on its way, and says when that is too much: an actor that has submitted a commit then keeps its claim until there
//! is room again, so that its mailbox fills, and those who call it wait. So what is on its way is bounded by a number of commits and
//! of bytes, and one commit more for each actor.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::group::Outcome;
use super::pipeline::Boxed;
use crate::store::Commit;

/// How many are released before others have a turn: so few that who is woken finds warm, and free to be used again, what the releases have
/// left in the processor's caches and in the thread's part of the allocator.
const RELEASES_PER_TURN: usize = 16;

/// More commits than this are too many: enough for the next transaction while one is written. More of them would only wait longer.
const MOST_COMMITS: usize = 8_192;

/// Commits with more bytes than this are too many.
const MOST_BYTES: usize = 16 << 20;

/// How long a lone commit is waited for awake, if the last one was decided within this time.
const AWAKE: Duration = Duration::from_millis(1);

/// What was decided, in the order in which it has to be released. Who takes all of it leaves an empty one with room in its place.
pub(super) type Decided = VecDeque<(Boxed, Outcome)>;

/// The way from the writer's thread to those who wait.
pub(super) struct Exit {
    handle: Handle,
    queue: Mutex<Queue>,
    /// What was submitted and is not released yet.
    in_flight: AtomicUsize,
    /// About how many bytes these have.
    bytes: AtomicUsize,
    /// Whether that is too much; until it is half as much.
    is_full: AtomicBool,
    /// Told when it is not any more.
    room: Notify,
    /// Whether the last commit that was alone was decided soon.
    is_fast: AtomicBool,
}

#[derive(Default)]
struct Queue {
    decided: Decided,
    /// Whether a task is about to release what is there, or what will be there soon.
    has_task: bool,
}

impl Exit {
    pub(super) fn new(handle: Handle) -> Arc<Self> {
        Arc::new(Self {
            handle,
            queue: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            is_full: AtomicBool::new(false),
            room: Notify::new(),
            is_fast: AtomicBool::new(false),
        })
    }

    /// Something of so many bytes was submitted and will come here. Whether it is alone.
    pub(super) fn announce(&self, size: usize) -> bool {
        let commits = self.in_flight.fetch_add(1, Ordering::AcqRel) + 1;
        let bytes = self.bytes.fetch_add(size, Ordering::AcqRel) + size;
        if commits >= most_commits() || bytes >= MOST_BYTES {
            self.is_full.store(true, Ordering::SeqCst);
            // What was there may have been released meanwhile.
            self.look_for_room();
        }
        commits == 1
    }

    /// A commit that was alone has taken so long.
    pub(super) fn lone_commit_took(&self, time: Duration) {
        self.is_fast.store(time < AWAKE, Ordering::Relaxed);
    }

    /// Waits awake for what was announced, if that is likely to come soon.
    pub(super) fn stay_awake(self: &Arc<Self>) {
        if self.is_fast.load(Ordering::Relaxed)
            && !std::mem::replace(&mut self.queue.lock().has_task, true)
        {
            let until = Instant::now() + AWAKE;
            self.handle.spawn(Releasing::new(Arc::clone(self)).run(Some(until)));
        }
    }

    /// Resolves when something was decided, and at `until`.
    async fn wait_awake(&self, until: Instant) {
        while self.queue.lock().decided.is_empty() && Instant::now() < until {
            // To the other threads: the writer has to have a processor when the disk is ready.
            thread::yield_now();
            // To the other tasks. In the runtime's own way nobody is woken to help with them.
            tokio::task::yield_now().await;
        }
    }

    /// So many, of so many bytes, were released.
    fn released(&self, commits: usize, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
        self.in_flight.fetch_sub(commits, Ordering::AcqRel);
        if self.is_full.load(Ordering::SeqCst) {
            self.look_for_room();
        }
    }

    fn look_for_room(&self) {
        let is_half = self.in_flight.load(Ordering::SeqCst) <= most_commits() / 2
            && self.bytes.load(Ordering::SeqCst) <= MOST_BYTES / 2;
        if is_half {
            self.is_full.store(false, Ordering::SeqCst);
            self.room.notify_waiters();
        }
    }

    /// Whether too much is on its way.
    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Acquire)
    }

    /// Resolves when there is room.
    pub(super) async fn room(&self) {
        loop {
            let room = self.room.notified();
            if !self.is_full() {
                return;
            }
            room.await;
        }
    }

    /// Whether everything that was announced has been released.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) == 0
    }

    /// Sees to it that `decided` is released, after what was given before, and leaves it empty.
    pub(super) fn let_out(self: &Arc<Self>, decided: &mut Decided) {
        if decided.is_empty() {
            return;
        }
        let mut queue = self.queue.lock();
        queue.decided.append(decided);
        if !std::mem::replace(&mut queue.has_task, true) {
            drop(queue);
            // Made here, so that it is dropped with a task that never begins.
            self.handle.spawn(Releasing::new(Arc::clone(self)).run(None));
        }
    }
}

/// A handful in a simulation, whose systems are small.
fn most_commits() -> usize {
    #[cfg(test)]
    if crate::simulation::is_running() {
        return 3;
    }
    MOST_COMMITS
}

/// What one task releases. Dropped with its runtime, it releases the rest at once: who waits may be in another one.
struct Releasing {
    exit: Arc<Exit>,
    taken: Decided,
    /// Whether nothing was left; what came after that is for another task.
    ended: bool,
}

impl Releasing {
    fn new(exit: Arc<Exit>) -> Self {
        Self { exit, taken: Decided::new(), ended: false }
    }

    async fn run(mut self, awake_until: Option<Instant>) {
        if let Some(until) = awake_until {
            self.exit.wait_awake(until).await;
        }
        std::future::poll_fn(|cx| {
            if self.release(RELEASES_PER_TURN) {
                // Behind those who were woken. To yield in the runtime's own way is to wait for its I/O as well.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Releases so many; `false` if nothing is left, and then this task has ended.
    fn release(&mut self, most: usize) -> bool {
        if self.taken.is_empty() && !self.take() {
            return false;
        }
        let (mut commits, mut bytes) = (0, 0);
        for (waiter, outcome) in self.taken.drain(..most.min(self.taken.len())) {
            commits += 1;
            bytes += waiter.commit().map_or(0, Commit::size);
            waiter.release(outcome);
        }
        self.exit.released(commits, bytes);
        !self.taken.is_empty() || self.take()
    }

    /// Takes what was decided meanwhile; `false` if that is nothing.
    fn take(&mut self) -> bool {
        let mut queue = self.exit.queue.lock();
        std::mem::swap(&mut self.taken, &mut queue.decided);
        queue.has_task = !self.taken.is_empty();
        self.ended = !queue.has_task;
        queue.has_task
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
    use crate::store::Verdict;

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
                exit.announce(0);
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
                thread::yield_now();
            }
            assert!(log.lock().iter().copied().eq(0..20_000));
        }
    }

    #[test]
    fn a_lone_commit_is_waited_for_awake_while_the_store_is_fast() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let exit = Exit::new(runtime.handle().clone());
        let has_task = || exit.queue.lock().has_task;
        let tasks = || runtime.metrics().num_alive_tasks();
        exit.stay_awake();
        assert!(!has_task(), "nothing is known of the store yet");
        exit.lone_commit_took(AWAKE);
        exit.stay_awake();
        assert!(!has_task(), "it is slow");
        exit.lone_commit_took(AWAKE / 2);
        exit.stay_awake();
        exit.stay_awake();
        assert!(has_task());
        // Others have their turn meanwhile.
        runtime.block_on(tokio::task::yield_now());
        let log = let_out(&exit, 100);
        assert_eq!(tasks(), 1, "the one that is awake lets it out");
        while tasks() > 0 {
            runtime.block_on(tokio::task::yield_now());
        }
        assert!(exit.is_idle() && !has_task());
        assert!(log.lock().iter().copied().eq(0..100));
    }

    #[test]
    fn what_comes_late_is_let_out_by_another_task() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let exit = Exit::new(runtime.handle().clone());
        exit.lone_commit_took(Duration::ZERO);
        exit.stay_awake();
        while runtime.metrics().num_alive_tasks() > 0 {
            runtime.block_on(tokio::task::yield_now());
        }
        let log = let_out(&exit, 100);
        while !exit.is_idle() {
            runtime.block_on(tokio::task::yield_now());
        }
        assert!(log.lock().iter().copied().eq(0..100));
    }

    #[test]
    fn there_is_room_again_when_half_of_it_is_released() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let exit = Exit::new(runtime.handle().clone());
        for (count, size) in [(MOST_COMMITS, 0), (4, MOST_BYTES / 4)] {
            for _ in 1..count {
                exit.announce(size);
            }
            assert!(!exit.is_full());
            exit.announce(size);
            let waits = Arc::clone(&exit);
            let room = runtime.spawn(async move { waits.room().await });
            for _ in 1..count / 2 {
                exit.released(1, size);
            }
            runtime.block_on(tokio::task::yield_now());
            assert!(exit.is_full() && !room.is_finished());
            exit.released(1, size);
            assert!(!exit.is_full());
            runtime.block_on(room).unwrap();
            for _ in 0..count / 2 {
                exit.released(1, size);
            }
            assert!(exit.is_idle());
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
        exit.lone_commit_took(Duration::ZERO);
        exit.stay_awake();
        let at_last = let_out(&exit, 1_000);
        assert!(exit.is_idle());
        for log in [before, after, at_last] {
            assert!(log.lock().iter().copied().eq(0..1_000));
        }
    }
}
