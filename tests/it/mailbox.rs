//! Mailboxes are bounded: who comes to a full one waits, or is told.

use std::sync::Arc;
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::sync::Notify;

#[message(name = "mailbox.Clerk")]
struct Clerk {
    served: Vec<i64>,
}

#[actor(name = "mailbox_clerk", mailbox = 2)]
impl Clerk {
    #[action]
    async fn open(&mut self, door: &Arc<Notify>) {
        door.notified().await;
    }

    #[action]
    fn serve(&mut self, number: i64) -> i64 {
        self.served.push(number);
        number
    }

    #[action]
    fn seen(&self) -> Clerk {
        self.clone()
    }
}

async fn start() -> (TestSystem, Arc<Notify>) {
    let door = Arc::<Notify>::default();
    let resource = Arc::clone(&door);
    let system = TestSystem::with(|builder| builder.only::<(Clerk,)>().resource(resource));
    (system.await.unwrap(), door)
}

/// Begins a call that is not answered yet.
async fn begin(system: &TestSystem, number: i64) -> tokio::task::JoinHandle<spawn::Result<i64>> {
    let call = tokio::spawn(system.actor::<Clerk>().serve(number).into_future());
    tokio::task::yield_now().await;
    call
}

#[tokio::test]
async fn a_full_mailbox_is_told_or_waited_for() {
    let (system, door) = start().await;
    let clerk = system.actor::<Clerk>();
    clerk.open().cast().await.unwrap();
    tokio::task::yield_now().await;
    let mut calls = Vec::new();
    for number in 1..=5 {
        calls.push(begin(&system, number).await);
    }
    let error = clerk.serve(6).fail_when_full().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overloaded);
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "`serve` of mailbox_clerk: the mailbox is full; try again later, or raise `mailbox`"
    );
    // One that waits for room goes away, and leaves no hole.
    calls.remove(3).abort();
    tokio::task::yield_now().await;
    door.notify_one();
    for (number, call) in [1, 2, 3, 5].into_iter().zip(calls) {
        assert_eq!(call.await.unwrap().unwrap(), number);
    }
    let served = clerk.seen().await.unwrap().served;
    assert_eq!(served, [1, 2, 3, 5]);
    assert_eq!(clerk.serve(7).fail_when_full().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_time_in_front_of_a_full_mailbox_counts() {
    let (system, door) = start().await;
    let clerk = system.actor::<Clerk>();
    clerk.open().cast().await.unwrap();
    tokio::task::yield_now().await;
    let waiting = [begin(&system, 1).await, begin(&system, 2).await];
    let error = clerk.serve(3).timeout(Duration::from_millis(100)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    door.notify_one();
    for call in waiting {
        call.await.unwrap().unwrap();
    }
    assert_eq!(clerk.seen().await.unwrap().served, [1, 2], "it was never taken");
}

#[tokio::test]
async fn everyone_gets_through_a_small_mailbox() {
    let (system, door) = start().await;
    let clerk = system.actor::<Clerk>();
    clerk.open().cast().await.unwrap();
    let calls: Vec<_> =
        (0..200).map(|number| tokio::spawn(clerk.serve(number).into_future())).collect();
    tokio::task::yield_now().await;
    door.notify_one();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(clerk.seen().await.unwrap().served, (0..200).collect::<Vec<_>>());
}
