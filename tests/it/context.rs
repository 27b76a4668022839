//! What an action knows of its call, and what travels along.

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ErrorKind, Metadata};

/// A resource.
#[derive(Debug)]
struct Prefix(&'static str);

#[message(name = "context.Seen")]
struct Seen {
    id: String,
    caller: String,
    trace: String,
}

fn seen(ctx: &Context) -> Seen {
    Seen {
        id: ctx.id().to_string(),
        caller: ctx.caller().map(ToString::to_string).unwrap_or_default(),
        trace: ctx.metadata().get("trace").unwrap_or_default().to_owned(),
    }
}

#[derive(Default)]
struct Back;

#[actor(name = "context_back", kind = unnamed, stateful = false)]
impl Back {
    #[action]
    fn look(&self, ctx: &Context) -> Value<Seen> {
        Value::from(seen(ctx)).broadcast(Broadcast::to("context.looked", 1_i64))
    }

    #[action]
    fn with_resources(&self, prefix: &Prefix, ctx: &Context, text: String, number: &u8) -> String {
        format!("{}{text}{number} in {}", prefix.0, ctx.system().name())
    }
}

#[derive(Default)]
struct Front;

#[actor(name = "context_front", stateful = false, channels = [("context.start", start_from_event)])]
impl Front {
    #[action]
    async fn ask(&self, ctx: &Context) -> Result<Seen, spawn::Error> {
        ctx.actor_by_id::<Back>("b").look().await
    }

    #[action]
    async fn ask_by_name(&self, ctx: &Context) -> Result<Seen, spawn::Error> {
        let call = ctx.invoke("b", "look", ()).reference("context_back");
        call.metadata("more", "yes").await?.decode()
    }

    #[action]
    async fn start_from_event(&self, ctx: &Context, number: i64) -> Result<(), spawn::Error> {
        assert_eq!(ctx.event().unwrap().decode::<i64>()?, number);
        assert!(ctx.caller().is_none());
        ctx.actor_by_id::<Back>("b").look().await.map(drop)
    }

    /// Calls itself through others, ever deeper.
    #[action]
    async fn dive(&self, ctx: &Context, depth: i64) -> Result<i64, spawn::Error> {
        if depth == 0 {
            return Ok(0);
        }
        Ok(1 + ctx.actor_by_id::<Diver>(depth.to_string()).dive(depth - 1).await?)
    }
}

#[derive(Default)]
struct Diver;

#[actor(name = "context_diver", kind = unnamed, stateful = false)]
impl Diver {
    #[action]
    async fn dive(&self, ctx: &Context, depth: i64) -> Result<i64, spawn::Error> {
        if depth == 0 {
            return Ok(0);
        }
        Ok(1 + ctx.actor_by_id::<Self>(depth.to_string()).dive(depth - 1).await?)
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| {
        builder.only::<(Front, Back, Diver)>().resource(Prefix("> ")).resource(7_u8)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn caller_and_metadata_travel_along() {
    let system = start().await;
    let front = system.actor::<Front>();
    let expected = Seen {
        id: "context_back/b".to_owned(),
        caller: "context_front".to_owned(),
        trace: "42".to_owned(),
    };
    let mut looked = system.subscribe("context.looked").unwrap();
    assert_eq!(front.ask().metadata("trace", "42").await.unwrap(), expected);
    let event = looked.next().await.unwrap();
    let mut metadata = Metadata::new();
    metadata.insert("trace", "42");
    assert_eq!(*event.metadata(), metadata);
    assert_eq!(event.publisher().unwrap().as_str(), "context_back/b");
    assert_eq!(front.ask_by_name().metadata("trace", "42").await.unwrap(), expected);
    let more = looked.next().await.unwrap();
    assert_eq!(more.metadata().get("more"), Some("yes"));

    let direct = system.actor_by_id::<Back>("b").look().await.unwrap();
    assert_eq!((direct.caller.as_str(), direct.trace.as_str()), ("", ""));
}

#[tokio::test]
async fn an_event_carries_the_metadata_of_its_call() {
    let system = start().await;
    let mut looked = system.subscribe("context.looked").unwrap();
    system.broadcast(Broadcast::to("context.start", 5_i64)).await.unwrap();
    system.settle().await;
    assert!(looked.try_next().is_some());
}

#[tokio::test]
async fn resources_are_lent_in_any_order() {
    let system = start().await;
    let text = system.actor_by_id::<Back>("x").with_resources("text".to_owned()).await.unwrap();
    assert_eq!(text, "> text7 in test");
}

#[tokio::test]
async fn a_resource_that_is_missing_keeps_the_system_from_starting() {
    let error =
        TestSystem::with(|builder| builder.only::<(Back,)>().resource(7_u8)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Definition);
    let text = error.to_string();
    assert!(text.contains("with_resources") && text.contains("context_back"), "{text}");
    assert!(text.contains("Prefix") && text.contains("context.rs:"), "{text}");
}

/// Time is paused, since each of the calls has a timeout of its own.
#[tokio::test(start_paused = true)]
async fn a_chain_of_calls_does_not_exhaust_the_stack() {
    let system = start().await;
    assert_eq!(system.actor::<Front>().dive(5_000).await.unwrap(), 5_000);
}
