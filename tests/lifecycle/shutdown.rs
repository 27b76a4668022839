//! The end of a system that has a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Memory;
use spawn::testing::TestSystem;
use spawn::{BoxError, ErrorKind, Subscriber, Unfinished};
use tokio::sync::Notify;

/// Opens the gate of an action that waits.
#[derive(Default)]
struct Gate(Notify);

#[derive(Default)]
struct Oven;

#[actor(name = "end_oven", stateful = false)]
impl Oven {
    #[action]
    async fn bake(&self) {
        std::future::pending::<()>().await;
    }

    #[action]
    async fn wait(&self, gate: &Gate) -> i64 {
        gate.0.notified().await;
        7
    }

    #[action]
    fn look(&self) -> i64 {
        1
    }
}

#[message(name = "end.Notes")]
struct Notes {
    count: i64,
    ticks: i64,
}

#[actor(name = "end_notes", snapshot_timeout = "1h")]
impl Notes {
    #[action]
    fn note(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    #[action(timer = "10ms")]
    fn tick(&mut self) {
        self.ticks += 1;
    }
}

/// Takes one event, and never gives it back.
struct Sleeper(Arc<AtomicU32>, Option<&'static str>);

impl Subscriber for Sleeper {
    fn channels(&self) -> Vec<String> {
        vec!["end.>".to_owned()]
    }

    fn name(&self) -> Option<String> {
        self.1.map(str::to_owned)
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
        Ok(())
    }
}

async fn start(memory: Memory) -> System {
    let builder = System::builder("end").store(memory).only::<(Oven, Notes)>();
    builder.resource(Gate::default()).start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_does_not_finish_is_listed() {
    let system = start(Memory::new()).await;
    let oven = system.actor::<Oven>();
    let baking = tokio::spawn(oven.bake().timeout(Duration::from_hours(1)));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let looking = tokio::spawn(oven.look().timeout(Duration::from_hours(1)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let report = system.clone().shutdown_within(Duration::from_secs(2)).await.unwrap();
    assert!(!report.is_complete() && report.is_closed());
    let [unfinished] = report.unfinished() else { panic!("{report}") };
    assert_eq!((unfinished.name(), unfinished.action()), ("end_oven", Some("bake")));
    assert_eq!(unfinished.actor().unwrap().as_str(), "end_oven");
    assert_eq!(unfinished.waiting(), 1);
    assert_eq!(unfinished.running_for().unwrap().as_secs(), 6);
    assert_eq!(
        report.to_string(),
        "ended in 2.0s; 1 did not finish:\n  `bake` of end_oven, for 6.0s, 1 call waits"
    );
    assert!(!baking.is_finished() && !looking.is_finished(), "they have timeouts of their own");
    assert_eq!(oven.look().await.unwrap_err().kind(), ErrorKind::Stopped);
}

#[tokio::test(start_paused = true)]
async fn what_runs_may_finish_and_nothing_new_begins() {
    let system = Arc::new(start(Memory::new()).await);
    let gate = system.actor::<Oven>();
    let waiting = tokio::spawn(gate.wait());
    tokio::task::yield_now().await;
    let ending = tokio::spawn(System::clone(&system).shutdown_within(Duration::from_secs(10)));
    tokio::task::yield_now().await;
    let refused = system.actor::<Oven>().look().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Stopped);
    let refused = system.broadcast(Broadcast::to("end.x", 1_i64)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Stopped);
    assert!(!ending.is_finished(), "it waits for the action");
    let other = System::clone(&system).shutdown_within(Duration::ZERO).await;
    assert_eq!(other.unwrap_err().kind(), ErrorKind::Stopped, "it is ending already");
    // The gate is a resource of the system's; the action is the one who waits for it.
    let opened = waiting;
    tokio::time::sleep(Duration::from_secs(11)).await;
    let report = ending.await.unwrap().unwrap();
    assert_eq!(report.unfinished()[0].action(), Some("wait"));
    drop(opened);
}

#[tokio::test(start_paused = true)]
async fn what_is_saved_later_is_saved_and_timers_stop() {
    let memory = Memory::new();
    let system = start(memory.clone()).await;
    for count in 1..=3 {
        assert_eq!(system.actor::<Notes>().note().await.unwrap(), count);
    }
    // Something that never ends does not keep the others from being saved.
    system.actor::<Oven>().bake().cast().await.unwrap();
    tokio::time::sleep(Duration::from_millis(105)).await;
    let report = system.shutdown_within(Duration::from_secs(5)).await.unwrap();
    assert_eq!(report.unfinished().len(), 1, "{report}");
    let system = TestSystem::from(start(memory).await);
    let notes = spawn::ActorId::parse("end_notes").unwrap();
    let kept = system.history(&notes).await.unwrap();
    let kept: Notes =
        Parcel::encoded("end.Notes", kept.last().unwrap().state.bytes.clone()).decode().unwrap();
    assert_eq!(
        (kept.count, kept.ticks),
        (3, 10),
        "none of the five seconds of the shutdown ticked"
    );
}

#[tokio::test]
async fn external_subscribers_are_listed_by_their_names() {
    for (name, listed) in [(Some("hook"), "hook"), (None, std::any::type_name::<Sleeper>())] {
        let calls = Arc::new(AtomicU32::new(0));
        let builder = System::builder("end").in_memory().only::<(Oven,)>();
        let builder = builder.resource(Gate::default());
        let system =
            builder.external_subscriber(Sleeper(Arc::clone(&calls), name)).start().await.unwrap();
        let mut stream = system.subscribe("end.>").unwrap();
        for number in 0..3_i64 {
            system.broadcast(Broadcast::to("end.x", number)).await.unwrap();
        }
        while calls.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let report = system.shutdown_within(Duration::from_millis(50)).await.unwrap();
        let names: Vec<_> = report.unfinished().iter().map(Unfinished::name).collect();
        assert_eq!(names, [listed]);
        assert!(report.unfinished()[0].actor().is_none());
        for number in 0..3_i64 {
            assert_eq!(stream.next().await.unwrap().decode::<i64>().unwrap(), number);
        }
        assert!(stream.next().await.is_none(), "streams end");
    }
}

#[tokio::test]
async fn a_system_without_work_ends_at_once() {
    let system = start(Memory::new()).await;
    system.actor::<Oven>().look().await.unwrap();
    let report = system.shutdown_within(Duration::MAX).await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert!(report.to_string().starts_with("ended in "), "{report}");
}
