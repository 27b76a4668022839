//! Calls: asked, cast, timed out, abandoned.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::sync::Notify;

/// Opens when the test says so.
#[derive(Debug, Default)]
struct Gate(Notify);

#[message(name = "calls.Counter")]
struct Counter {
    count: i64,
}

#[actor(name = "calls_counter", ask_timeout = "2s")]
impl Counter {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    async fn add_behind(&mut self, gate: &Arc<Gate>, amount: i64) -> i64 {
        gate.0.notified().await;
        self.count += amount;
        self.count
    }

    #[action]
    fn count(&self) -> i64 {
        self.count
    }
}

async fn start() -> (TestSystem, Arc<Gate>) {
    let gate = Arc::new(Gate::default());
    let resource = Arc::clone(&gate);
    let system =
        TestSystem::with(|builder| builder.only::<(Counter,)>().resource(resource)).await.unwrap();
    (system, gate)
}

#[tokio::test]
async fn a_call_is_answered() {
    let (system, _gate) = start().await;
    let counter = system.actor::<Counter>();
    assert_eq!(counter.add(2).await.unwrap(), 2);
    assert_eq!(counter.add(3).await.unwrap(), 5);
    assert_eq!(counter.count().await.unwrap(), 5);
}

#[tokio::test]
async fn a_call_that_is_not_awaited_does_nothing() {
    let (system, _gate) = start().await;
    let counter = system.actor::<Counter>();
    drop(counter.add(2));
    drop(counter.add(2).cast());
    drop(system.invoke("calls_counter", "add", 2_i64));
    assert_eq!(counter.count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_cast_does_not_wait_for_the_response() {
    let (system, gate) = start().await;
    let counter = system.actor::<Counter>();
    counter.add_behind(2).cast().await.unwrap();
    counter.add(1).cast().await.unwrap();
    gate.0.notify_one();
    system.settle().await;
    assert_eq!(counter.count().await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_times_out_and_says_where() {
    let (system, gate) = start().await;
    let counter = system.actor::<Counter>();
    let start = tokio::time::Instant::now();
    let error = counter.add_behind(2).timeout(Duration::from_millis(300)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed(), Duration::from_millis(300));
    assert_eq!(
        error.to_string(),
        "`add_behind` of calls_counter: no response within 300ms; whether it takes effect is unknown"
    );
    assert_eq!(
        (error.actor().unwrap().name(), error.action()),
        ("calls_counter", Some("add_behind"))
    );

    // The actor is still at it, and so the next call waits; for as long as the attribute says.
    let error = counter.add(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed(), Duration::from_millis(2_300));

    // Nothing was taken back: both take effect.
    gate.0.notify_one();
    system.settle().await;
    assert_eq!(counter.count().await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn whenever_it_begins_a_call_times_out_to_the_millisecond() {
    let (system, _gate) = start().await;
    let counter = system.actor::<Counter>();
    counter.add_behind(2).cast().await.unwrap();
    let wait = async |before: u64, timeout: u64| {
        tokio::time::sleep(Duration::from_millis(before)).await;
        let start = tokio::time::Instant::now();
        let timeout = Duration::from_millis(timeout);
        let error = counter.add(1).timeout(timeout).await.unwrap_err();
        assert_eq!((error.kind(), start.elapsed()), (ErrorKind::Timeout, timeout));
    };
    // Others wait meanwhile, so that whoever looks at them is at any place in its round.
    for before in [0, 1, 55, 95] {
        for timeout in [1, 99, 100, 105, 249, 250, 251, 999, 1_000, 90_000] {
            tokio::join!(wait(before, timeout), wait(7 * before, timeout), wait(0, 30_000));
        }
    }
}

#[tokio::test]
async fn a_caller_who_goes_away_cancels_nothing() {
    let (system, gate) = start().await;
    let counter = system.actor::<Counter>();
    // One that runs, and one that waits in the mailbox.
    let mut running = counter.add_behind(2);
    let mut waiting = counter.add(5);
    tokio::select! {
        biased;
        _ = &mut running => panic!("the gate is closed"),
        _ = &mut waiting => panic!("the actor is busy"),
        () = std::future::ready(()) => {}
    }
    drop((running, waiting));
    gate.0.notify_one();
    system.settle().await;
    assert_eq!(counter.count().await.unwrap(), 7);
}

#[tokio::test]
async fn calls_of_one_caller_are_handled_in_order() {
    let (system, gate) = start().await;
    let counter = system.actor::<Counter>();
    counter.add_behind(1).cast().await.unwrap();
    let mut calls = Vec::new();
    for amount in 1..=50 {
        calls.push(tokio::spawn(counter.add(amount).into_future()));
        tokio::task::yield_now().await;
    }
    gate.0.notify_one();
    let mut expected = 1;
    for (amount, call) in (1..).zip(calls) {
        expected += amount;
        assert_eq!(call.await.unwrap().unwrap(), expected);
    }
}

#[tokio::test]
async fn a_call_can_wait_outside_of_the_runtime() {
    let (system, gate) = start().await;
    let counter = system.actor::<Counter>();
    let (began, begins) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        // Neither the runtime nor its timers are here; the call waits and is answered all the same.
        let waker = Arc::new(Unpark(std::thread::current())).into();
        let mut cx = std::task::Context::from_waker(&waker);
        let mut call = std::pin::pin!(counter.add_behind(4).into_future());
        let mut began = Some(began);
        loop {
            match call.as_mut().poll(&mut cx) {
                std::task::Poll::Ready(count) => return count,
                std::task::Poll::Pending => {
                    began.take().map(|began| began.send(()));
                    std::thread::park();
                }
            }
        }
    });
    begins.await.unwrap();
    gate.0.notify_one();
    let count = tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    assert_eq!(count.unwrap(), 4);
}

struct Unpark(std::thread::Thread);

impl std::task::Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
