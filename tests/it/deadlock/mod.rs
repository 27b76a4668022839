//! Actors that would wait for themselves are told so, at once; those that would not are left alone.

mod circles;
mod ends;
mod rounds;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::sync::{Barrier, Notify};

/// What the nodes of a test share.
struct Meeting {
    barrier: Barrier,
    door: Notify,
    /// What `go` got from the node that it asked.
    answers: Mutex<Vec<String>>,
}

impl Meeting {
    /// Waits until a task has opened the door.
    async fn opened(&self) {
        let opened = tokio::time::timeout(Duration::from_mins(1), self.door.notified());
        assert!(opened.await.is_ok(), "the task has failed");
    }
}

/// Does what its instructions say.
#[derive(Default)]
struct Node;

#[actor(name = "n", kind = unnamed, stateful = false, mailbox = 2)]
impl Node {
    /// Each word is the id of the node that is called with the words behind it; `!` waits until all have met, and `,` yields.
    #[action]
    async fn go(
        &self,
        ctx: &Context,
        meeting: &Arc<Meeting>,
        words: String,
    ) -> Result<String, spawn::Error> {
        let mut words = words.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "!" => {
                    meeting.barrier.wait().await;
                }
                "," => tokio::task::yield_now().await,
                next => {
                    let rest: Vec<_> = words.collect();
                    let answer = ctx.actor_by_id::<Self>(next).go(rest.join(" ")).await;
                    let answer = answer.map(|answer| format!("{next} {answer}"));
                    let said = answer.as_ref().map_or_else(ToString::to_string, Clone::clone);
                    meeting.answers.lock().push(said);
                    return answer;
                }
            }
        }
        Ok(".".to_owned())
    }

    /// As `go`, by name.
    #[action]
    async fn go_by_name(&self, ctx: &Context, next: String) -> Result<(), spawn::Error> {
        let call = ctx.invoke(&next, "go", ctx.id().instance().unwrap().to_owned());
        call.reference("n").await.map(drop)
    }

    /// Asks two at once.
    #[action]
    async fn both(&self, ctx: &Context) -> Result<String, spawn::Error> {
        let (left, right) = (ctx.actor_by_id::<Self>("left"), ctx.actor_by_id::<Self>("right"));
        let (left, right) = tokio::join!(left.go(",".to_owned()), right.go(", both".to_owned()));
        assert_eq!(left.unwrap(), ".");
        right
    }

    /// Has a task ask, and waits for the task.
    #[action]
    async fn through_a_task(&self, ctx: &Context) -> Result<String, spawn::Error> {
        let call = ctx.actor_by_id::<Self>("b").go(", a".to_owned());
        tokio::spawn(call).await.unwrap()
    }

    /// Gives up waiting for `b`, which goes on, and then stays until the door opens.
    #[action]
    async fn lose_patience(&self, ctx: &Context, meeting: &Arc<Meeting>) {
        let call = ctx.actor_by_id::<Self>("b").go("! a".to_owned());
        let error = call.timeout(Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        meeting.barrier.wait().await;
        meeting.door.notified().await;
    }

    /// Waits for whichever is first, and then stays until the door opens.
    #[action]
    async fn choose(&self, ctx: &Context, meeting: &Arc<Meeting>) {
        let b = ctx.actor_by_id::<Self>("b").go("! a".to_owned());
        tokio::select! {
            biased;
            answer = b => panic!("b was first: {answer:?}"),
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        meeting.barrier.wait().await;
        meeting.door.notified().await;
    }

    /// Leaves two messages, of which the second has to wait, and stays.
    #[action]
    async fn leave(&self, ctx: &Context, meeting: &Arc<Meeting>) {
        let b = ctx.actor_by_id::<Self>("b");
        b.go("! a".to_owned()).cast().await.unwrap();
        b.go(String::new()).cast().await.unwrap();
        meeting.barrier.wait().await;
        meeting.door.notified().await;
    }

    /// Leaves a task behind that asks `b` when the door opens.
    #[action]
    async fn leave_a_task(&self, ctx: &Context, meeting: &Arc<Meeting>) {
        let (b, meeting) = (ctx.actor_by_id::<Self>("b"), Arc::clone(meeting));
        tokio::spawn(async move {
            meeting.door.notified().await;
            b.go("! a".to_owned()).await.unwrap();
            meeting.door.notify_one();
        });
    }

    /// Leaves a task behind that has asked `b` before the action ends.
    #[action]
    async fn leave_a_call(&self, ctx: &Context, meeting: &Arc<Meeting>) {
        let (call, meeting) =
            (ctx.actor_by_id::<Self>("b").go("! a".to_owned()), Arc::clone(meeting));
        tokio::spawn(async move {
            call.await.unwrap();
            meeting.door.notify_one();
        });
        tokio::task::yield_now().await;
    }

    /// Fills its own mailbox.
    #[action]
    async fn fill(&self, ctx: &Context) -> String {
        let itself = ctx.actor_by_id::<Self>("a");
        itself.go(String::new()).cast().await.unwrap();
        itself.go(String::new()).cast().await.unwrap();
        let error = itself.go(String::new()).cast().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadlock);
        error.to_string()
    }
}

/// A system whose nodes meet when so many have come.
async fn start(meet: usize) -> (TestSystem, Arc<Meeting>) {
    let meeting = Arc::new(Meeting {
        barrier: Barrier::new(meet),
        door: Notify::new(),
        answers: Mutex::default(),
    });
    let resource = Arc::clone(&meeting);
    let system = TestSystem::with(|builder| builder.only::<(Node,)>().resource(resource));
    (system.await.unwrap(), meeting)
}

fn node(system: &TestSystem, id: &str) -> spawn::Client<Node> {
    system.actor_by_id::<Node>(id)
}

/// The chain of the deadlock at the end of the causes, from `n/a -> n/b`; `None` if it is another error.
fn chain(error: &spawn::Error) -> Option<String> {
    let mut next = Some(error as &dyn std::error::Error);
    let mut found = None;
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<spawn::Error>()
            && error.kind() == ErrorKind::Deadlock
        {
            found = Some(error.to_string());
        }
        next = error.source();
    }
    let text = found?;
    let (_, chain) = text.split_once("the call would wait for itself: ").unwrap();
    let ids = chain.split(" -> ").map(|id| id.rsplit_once('/').unwrap().1);
    Some(ids.collect::<Vec<_>>().join(" "))
}
