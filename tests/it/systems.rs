//! Systems: which actors they have, and how they end.

use std::sync::Arc;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::sync::Notify;

#[message(name = "systems.One")]
struct One {
    count: i64,
}

#[actor(name = "systems_one", channels = [("systems.done", done)])]
impl One {
    #[action]
    fn add(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    #[action]
    async fn work(&mut self, door: &Arc<Notify>) -> Value<i64> {
        door.notified().await;
        self.count += 1;
        Value::from(self.count).broadcast(Broadcast::to("systems.done", self.count))
    }

    #[action]
    fn done(&self, _count: i64, finished: &Arc<Notify>) {
        finished.notify_one();
    }
}

#[derive(Default)]
struct Two;

#[actor(name = "systems_two", stateful = false)]
impl Two {
    #[action]
    fn add(&self) -> i64 {
        2
    }
}

async fn start() -> (System, Arc<Notify>) {
    let door = Arc::<Notify>::default();
    let resource = Arc::clone(&door);
    let builder = System::builder("systems").in_memory().only::<(One,)>().resource(resource);
    (builder.start().await.unwrap(), door)
}

#[tokio::test]
async fn a_system_can_be_started_and_ended_in_a_task() {
    let builder = System::builder("systems").in_memory().only::<(Two,)>();
    let system = tokio::spawn(builder.start()).await.unwrap().unwrap();
    tokio::spawn(system.shutdown()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_system_has_the_actors_it_was_given() {
    let (system, _door) = start().await;
    assert_eq!(system.actor::<One>().add().await.unwrap(), 1);
    let error = system.actor::<Two>().add().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownActor);
    let error = system.invoke("systems_two", "add", ()).await.unwrap_err();
    let text = "the system `systems` has no actor `systems_two`; did you mean `systems_one`?";
    assert_eq!(error.to_string(), text);

    let two = TestSystem::with(|builder| builder.actors([Two::definition()])).await.unwrap();
    assert_eq!(two.actor::<Two>().add().await.unwrap(), 2);
    assert!(two.actor::<One>().add().await.is_err());
}

#[tokio::test]
async fn systems_are_isolated() {
    let ((a, _), (b, _)) = (start().await, start().await);
    assert_eq!(a.actor::<One>().add().await.unwrap(), 1);
    assert_eq!(a.actor::<One>().add().await.unwrap(), 2);
    assert_eq!(b.actor::<One>().add().await.unwrap(), 1);
    a.shutdown().await.unwrap();
    assert_eq!(b.actor::<One>().add().await.unwrap(), 2);
}

#[tokio::test]
async fn a_shutdown_finishes_what_runs_and_refuses_what_comes() {
    let (system, door) = start().await;
    let one = system.actor::<One>();
    let work = tokio::spawn(one.work().into_future());
    tokio::task::yield_now().await;
    let down = tokio::spawn(system.clone().shutdown());
    tokio::task::yield_now().await;
    let error = one.add().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stopped);
    assert_eq!(
        system.broadcast(Broadcast::to("systems.x", 1_i64)).await.unwrap_err().kind(),
        ErrorKind::Stopped
    );
    assert!(!down.is_finished());
    door.notify_one();
    assert_eq!(work.await.unwrap().unwrap(), 1);
    // The event of the work has its reaction, which opens the door again.
    down.await.unwrap().unwrap();
    door.notified().await;
    assert_eq!(one.add().await.unwrap_err().kind(), ErrorKind::Stopped);
    assert_eq!(system.shutdown().await.unwrap_err().kind(), ErrorKind::Stopped);
}

#[tokio::test]
async fn a_system_ends_with_its_last_handle() {
    let (system, _door) = start().await;
    let one = system.actor::<One>();
    let mut events = system.subscribe(">").unwrap();
    drop(system);
    assert_eq!(one.add().await.unwrap_err().kind(), ErrorKind::Stopped);
    assert!(events.next().await.is_none());
}
