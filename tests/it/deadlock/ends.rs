//! What is no circle: waits that have ended, and what nobody waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{BoxError, ErrorKind, Subscriber};
use tokio::task::JoinHandle;

use super::{Meeting, node, start};

/// `b` asks `a`, which is in an action that does not wait for `b` any more; so `b` waits, and gets its answer.
async fn b_is_answered(system: &TestSystem, meeting: &Meeting, a: JoinHandle<spawn::Result<()>>) {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(!a.is_finished() && meeting.answers.lock().is_empty(), "`b` waits for `a`");
    meeting.door.notify_one();
    a.await.unwrap().unwrap();
    system.settle().await;
    assert_eq!(*meeting.answers.lock(), ["a ."]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_timed_out_is_no_wait() {
    let (system, meeting) = start(2).await;
    let a = tokio::spawn(node(&system, "a").lose_patience());
    tokio::time::sleep(Duration::from_secs(2)).await;
    b_is_answered(&system, &meeting, a).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_dropped_is_no_wait() {
    let (system, meeting) = start(2).await;
    let a = tokio::spawn(node(&system, "a").choose());
    tokio::time::sleep(Duration::from_secs(2)).await;
    b_is_answered(&system, &meeting, a).await;
}

#[tokio::test(start_paused = true)]
async fn a_cast_is_no_wait() {
    let (system, meeting) = start(2).await;
    let a = tokio::spawn(node(&system, "a").leave());
    b_is_answered(&system, &meeting, a).await;
}

#[tokio::test(start_paused = true)]
async fn a_task_that_asks_after_its_action_is_not_the_actor() {
    let (system, meeting) = start(2).await;
    node(&system, "a").leave_a_task().await.unwrap();
    meeting.door.notify_one();
    // The actor is in another action when `b` asks it.
    let a = tokio::spawn(node(&system, "a").go("! ,".to_owned()));
    assert_eq!(a.await.unwrap().unwrap(), ".");
    meeting.opened().await;
}

#[tokio::test(start_paused = true)]
async fn a_call_outlives_its_action_without_being_the_actor_s() {
    let (system, meeting) = start(2).await;
    node(&system, "a").leave_a_call().await.unwrap();
    let a = tokio::spawn(node(&system, "a").go("! ,".to_owned()));
    assert_eq!(a.await.unwrap().unwrap(), ".");
    meeting.opened().await;
}

#[tokio::test(start_paused = true)]
async fn waiting_in_a_row_is_no_circle() {
    let (system, _) = start(1).await;
    let (a, b) = (node(&system, "a"), node(&system, "b"));
    let calls = [
        tokio::spawn(a.go(", c , d , e".to_owned())),
        tokio::spawn(b.go(", c , d , e".to_owned())),
        tokio::spawn(b.go("c , d".to_owned())),
    ];
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_ends_the_wait_before_the_caller_has_seen_it() {
    let (system, meeting) = start(2).await;
    let (a, b) = (node(&system, "a"), node(&system, "b"));
    let calls = [
        tokio::spawn(b.go("!".to_owned())),
        tokio::spawn(a.go("b".to_owned())),
        // `b` goes on to this one as soon as it has answered `a`.
        tokio::spawn(b.go("a".to_owned())),
    ];
    tokio::task::yield_now().await;
    meeting.barrier.wait().await;
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap().unwrap());
    }
    assert_eq!(answers, [".", "b .", "a ."]);
}

/// Ends the system, in ways that can and cannot work.
#[derive(Default)]
struct Ender;

#[actor(name = "deadlock_ender", stateful = false)]
impl Ender {
    #[action]
    async fn shut_down(&self, ctx: &Context) -> Result<(), spawn::Error> {
        ctx.system().shutdown().await
    }

    #[action]
    async fn shut_down_later(&self, ctx: &Context) -> Result<(), spawn::Error> {
        tokio::task::yield_now().await;
        let timely = tokio::time::timeout(Duration::from_secs(9), ctx.system().shutdown());
        timely.await.unwrap()
    }

    #[action]
    async fn settle(&self, ctx: &Context) {
        ctx.system().settled().await;
    }

    #[action]
    async fn have_it_shut_down(&self, ctx: &Context, done: &Arc<AtomicBool>) {
        let (system, ended) = (ctx.system(), Arc::clone(done));
        tokio::spawn(async move {
            system.shutdown().await.unwrap();
            ended.store(true, Ordering::SeqCst);
        });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!done.load(Ordering::SeqCst), "it waits for this action");
    }

    /// Another system is another matter.
    #[action]
    async fn shut_down_another(&self) -> Result<(), spawn::Error> {
        let other = TestSystem::with(|builder| builder.only::<(Self,)>().resource(flag()));
        let other = System::clone(&*other.await?);
        other.shutdown().await
    }
}

fn flag() -> Arc<AtomicBool> {
    Arc::default()
}

/// Ends the system when it is told so.
struct Outsider(Arc<Mutex<Option<System>>>, Arc<Mutex<Vec<ErrorKind>>>);

impl Subscriber for Outsider {
    fn channels(&self) -> Vec<String> {
        vec!["deadlock.end".to_owned()]
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        let system = self.0.lock().take().unwrap();
        let error = system.shutdown().await.unwrap_err();
        self.1.lock().push(error.kind());
        Ok(())
    }
}

async fn start_ender(done: &Arc<AtomicBool>) -> TestSystem {
    let done = Arc::clone(done);
    TestSystem::with(|builder| builder.only::<(Ender,)>().resource(done)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_action_cannot_wait_for_the_end_of_its_system() {
    let done = flag();
    let system = start_ender(&done).await;
    let ender = system.actor::<Ender>();
    for error in [ender.shut_down().await, ender.shut_down_later().await] {
        let error = error.unwrap_err();
        let cause = error.cause::<spawn::Error>().unwrap();
        assert_eq!(cause.kind(), ErrorKind::Deadlock);
        assert_eq!(
            cause.to_string(),
            "the shutdown waits for the action that awaits it; leave it to a task: \
             `tokio::spawn(system.shutdown())`"
        );
    }
    // The system goes on, and a task can end it.
    ender.shut_down_another().await.unwrap();
    ender.have_it_shut_down().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(done.load(Ordering::SeqCst));
    assert_eq!(ender.shut_down().await.unwrap_err().kind(), ErrorKind::Stopped);
}

#[tokio::test(start_paused = true)]
async fn an_action_cannot_wait_until_nothing_runs() {
    let system = start_ender(&flag()).await;
    let error = system.actor::<Ender>().settle().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panic);
    assert!(error.to_string().contains("`settled` waits for the action that awaits it"), "{error}");
    system.settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_cannot_wait_for_the_end_of_its_system() {
    let (handle, errors) = (Arc::<Mutex<Option<System>>>::default(), Arc::default());
    let outsider = Outsider(Arc::clone(&handle), Arc::clone(&errors));
    let build = |builder: spawn::SystemBuilder| {
        builder.only::<(Ender,)>().resource(flag()).external_subscriber(outsider)
    };
    let system = TestSystem::with(build).await.unwrap();
    *handle.lock() = Some(System::clone(&system));
    system.broadcast(Broadcast::to("deadlock.end", 1_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(*errors.lock(), [ErrorKind::Deadlock]);
    System::clone(&system).shutdown().await.unwrap();
}
