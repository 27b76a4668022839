//! What an action knows of an event that is replayed.

use std::sync::Arc;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::testing::TestSystem;

/// What the handler saw of each attempt: the event's id, its attempt, and the metadata.
type Seen = Arc<Mutex<Vec<(Option<String>, u32, String)>>>;

#[derive(Default)]
struct Shop;

#[actor(name = "replay_shop", stateful = false)]
impl Shop {
    #[action]
    fn sell(&self, amount: i64) -> Value<()> {
        Value::of().broadcast(Broadcast::to("replay.sold", amount))
    }
}

#[derive(Default)]
struct Stubborn;

#[actor(name = "replay_stubborn", stateful = false, channels = [("replay.sold", take)])]
impl Stubborn {
    #[action]
    async fn take(&self, ctx: &Context, seen: &Seen, _amount: i64) -> Result<(), ActionError> {
        let event = ctx.event();
        seen.lock().push((
            event.map(|event| event.id().to_string()),
            event.map_or(0, Event::attempt),
            ctx.metadata().get("trace").unwrap_or_default().to_owned(),
        ));
        if seen.lock().len() < 3 {
            return Err(ActionError::new("no", "not yet").fatal());
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_replayed_event_is_in_the_context_with_its_id_its_metadata_and_the_next_attempt() {
    let seen = Seen::default();
    let resource = Arc::clone(&seen);
    let system = TestSystem::with(|it| it.only::<(Shop, Stubborn)>().resource(resource));
    let system = system.await.unwrap();
    system.actor::<Shop>().sell(1).metadata("trace", "42").await.unwrap();
    system.settle().await;
    let letter = system.dead_letters().list().await.unwrap().remove(0);
    system.dead_letters().replay(letter.id()).await.unwrap_err();
    system.dead_letters().replay(letter.id()).await.unwrap();
    let id = Some(letter.event().unwrap().id().to_string());
    // A replay that fails leaves the dead letter as it is, and so the number of its attempts.
    let expected = [1, 2, 2].map(|attempt| (id.clone(), attempt, "42".to_owned()));
    assert_eq!(*seen.lock(), expected);
}
