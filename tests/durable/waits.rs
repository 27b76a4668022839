//! A response that only waits for the disk keeps nobody from running, and so is no part of a circle of waiting actors.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use tokio::sync::Notify;

use crate::actors::faulty;

/// Asks the one who asks it, at another time.
#[derive(Default)]
struct Front;

#[actor(name = "waits_front", stateful = false)]
impl Front {
    #[action]
    async fn ask(&self, ctx: &Context) -> Result<i64, spawn::Error> {
        ctx.actor::<Back>().announce().await
    }

    #[action]
    fn answer(&self) -> i64 {
        2
    }
}

#[derive(Default)]
struct Back;

#[actor(name = "waits_back", stateful = false)]
impl Back {
    #[action]
    async fn stay(&self, door: &Arc<Notify>) {
        door.notified().await;
    }

    #[action]
    fn announce(&self) -> Value<i64> {
        Value::from(1).broadcast(Broadcast::to("waits.announced", 1_i64))
    }

    #[action]
    async fn ask(&self, ctx: &Context) -> Result<i64, spawn::Error> {
        ctx.actor::<Front>().answer().await
    }
}

#[tokio::test]
async fn a_response_that_waits_for_the_disk_is_no_wait_for_the_actor() {
    let (store, faults) = faulty();
    let door = Arc::<Notify>::default();
    let builder = System::builder("waits").store(store).only::<(Front, Back)>();
    let system = builder.resource(Arc::clone(&door)).start().await.unwrap();
    faults.close_gate();
    // The back is busy, so that the call of the front waits in the mailbox.
    let stay = tokio::spawn(system.actor::<Back>().stay());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let front = tokio::spawn(system.actor::<Front>().ask());
    tokio::time::sleep(Duration::from_millis(50)).await;
    door.notify_one();
    stay.await.unwrap().unwrap();
    // The front waits for a commit of the back, which is done with that and asks the front.
    let back = tokio::spawn(system.actor::<Back>().ask());
    faults.batch_at_gate().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!front.is_finished() && !back.is_finished());
    faults.open_gate();
    assert_eq!(front.await.unwrap().unwrap(), 1);
    assert_eq!(back.await.unwrap().unwrap(), 2);
    system.shutdown().await.unwrap();
}
