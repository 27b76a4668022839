//! The test kit.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::time::Instant;

#[message(name = "kit.Tick")]
struct Tick {
    number: i64,
}

#[message(name = "kit.Clock")]
struct Clock {
    ticks: i64,
}

#[actor(name = "kit_clock", channels = [("kit.tick", count)])]
impl Clock {
    #[action]
    async fn tick_later(&mut self, seconds: i64) -> Value<()> {
        tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs())).await;
        self.ticks += 1;
        Value::of().broadcast(Broadcast::to("kit.tick", Tick { number: self.ticks }))
    }

    #[action]
    async fn count(&mut self, _tick: Tick) {
        tokio::task::yield_now().await;
        self.ticks += 100;
    }

    #[action]
    fn ticks(&self) -> i64 {
        self.ticks
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Clock,)>()).await.unwrap()
}

/// The message of the panic in which `future` ends.
async fn panic_of(future: impl Future) -> String {
    let caught = tokio_test_catch(future).await;
    caught.downcast_ref::<String>().cloned().unwrap()
}

async fn tokio_test_catch(future: impl Future) -> Box<dyn std::any::Any + Send> {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |cx| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(_)) => panic!("it did not panic"),
            Err(panic) => std::task::Poll::Ready(panic),
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn paused_time_takes_no_time() {
    let system = start().await;
    let real = std::time::Instant::now();
    let began = Instant::now();
    system.actor::<Clock>().tick_later(30).timeout(Duration::from_mins(1)).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(30));
    assert!(real.elapsed() < began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn settling_waits_for_everything_in_flight() {
    let system = start().await;
    system.actor::<Clock>().tick_later(3).cast().await.unwrap();
    system.settle().await;
    assert_eq!(system.actor::<Clock>().ticks().await.unwrap(), 101, "the event's reaction too");
}

#[tokio::test(start_paused = true)]
async fn a_probe_waits_for_what_it_expects() {
    let system = start().await;
    let mut probe = system.probe("kit.*").unwrap();
    system.actor::<Clock>().tick_later(0).cast().await.unwrap();
    assert_eq!(probe.expect::<Tick>().await.number, 1);
    probe.expect_none().await;
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_disappointed_says_what_came() {
    let system = start().await;
    let mut probe = system.probe("kit.*").unwrap();
    let nothing = panic_of(probe.expect::<Tick>()).await;
    assert!(nothing.contains("kit.Tick") && nothing.contains("1s"), "{nothing}");

    let publish = |number: i64| system.broadcast(Broadcast::to("kit.tock", Tick { number }));
    publish(5).await.unwrap();
    let other = panic_of(probe.expect::<String>()).await;
    assert!(other.contains("google.protobuf.StringValue"), "{other}");
    assert!(other.contains("kit.tock") && other.contains("number: 5"), "{other}");

    publish(6).await.unwrap();
    let some = panic_of(probe.expect_none()).await;
    assert!(some.contains("kit.tock") && some.contains("number: 6"), "{some}");
}

#[tokio::test]
async fn systems_of_tests_see_nothing_of_each_other() {
    let (one, two) = (start().await, start().await);
    let mut probe = two.probe(">").unwrap();
    one.actor::<Clock>().tick_later(0).await.unwrap();
    one.settle().await;
    assert_eq!(two.actor::<Clock>().ticks().await.unwrap(), 0);
    assert!(tokio::time::timeout(Duration::from_millis(20), probe.expect::<Tick>()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn time_can_be_moved_by_hand() {
    let system = start().await;
    system.actor::<Clock>().tick_later(30).cast().await.unwrap();
    system.advance(Duration::from_secs(30)).await;
    assert_eq!(system.actor::<Clock>().ticks().await.unwrap(), 101);
}
