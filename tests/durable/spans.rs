//! Spans of actions, what is said of those that fail, and the trace context that travels from cause to effect.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{BoxError, ErrorKind, Pipe, SideEffect, Subscriber, SystemBuilder};
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use crate::faulty::Faulty;
use crate::listener::{Fields, Listener};

#[message(name = "spans.Till")]
struct Till {
    cents: i64,
}

#[actor(name = "spans_till", retry = { attempts = 3, backoff = "1s", max_backoff = "1s" }, channels = [("spans.paid", book)])]
impl Till {
    #[action]
    fn add(&mut self, cents: i64) -> i64 {
        self.cents += cents;
        self.cents
    }

    #[action]
    fn read(&self) -> i64 {
        self.cents
    }

    #[action]
    async fn add_slowly(&mut self, cents: i64) -> Result<i64, ActionError> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        tracing::info!("in the middle");
        tokio::time::sleep(Duration::from_millis(50)).await;
        if cents == 0 {
            return Err(
                ActionError::new("nothing", "nothing was given").caused_by("the purse is empty")
            );
        }
        self.cents += cents;
        Ok(self.cents)
    }

    #[action]
    fn announce(&mut self, cents: i64) -> Value<()> {
        Value::of().broadcast(Broadcast::to("spans.paid", cents))
    }

    /// Fails for the unlucky numbers: 13 until its third attempt, 14 whenever.
    #[action]
    fn book(&mut self, cents: i64, ctx: &Context) -> Result<(), ActionError> {
        let attempt = ctx.event().map_or(1, Event::attempt);
        if cents == 14 || cents == 13 && attempt < 3 {
            return Err(ActionError::new("unlucky", "not today"));
        }
        assert!(cents >= 0, "there is no such payment");
        self.cents += cents;
        Ok(())
    }
}

#[derive(Default)]
struct Room;

#[actor(name = "spans_room", kind = unnamed, stateful = false)]
impl Room {
    #[action]
    fn enter(&self) {}
}

/// Tells what came with a message.
#[derive(Default)]
struct Traced;

#[actor(name = "spans_traced", stateful = false, channels = [("spans.traced", heard)])]
impl Traced {
    #[action]
    fn begin(&self, ctx: &Context) -> Value<String> {
        Value::from(traceparent(ctx))
            .broadcast(Broadcast::to("spans.traced", "event".to_owned()))
            .effect(
                SideEffect::to("spans_traced", "told", "effect".to_owned())
                    .delay(Duration::from_secs(1)),
            )
    }

    #[action]
    async fn call(&self, ctx: &Context) -> spawn::Result<Value<String>> {
        ctx.actor::<Noted>().note("cast".to_owned()).cast().await?;
        ctx.actor::<Noted>().note("delayed".to_owned()).delay(Duration::from_secs(2)).await?;
        Ok(Value::from("pipe".to_owned()).pipe(Pipe::to("spans_noted", "note")))
    }

    #[action]
    async fn heard(&self, ctx: &Context, what: String) -> spawn::Result<()> {
        ctx.actor::<Noted>().note(what).await.map(drop)
    }

    #[action]
    async fn told(&self, ctx: &Context, what: String) -> spawn::Result<()> {
        ctx.actor::<Noted>().note(what).await.map(drop)
    }
}

fn traceparent(ctx: &Context) -> String {
    ctx.metadata().get("traceparent").unwrap_or("none").to_owned()
}

#[derive(Default)]
struct Noted {
    notes: Vec<String>,
}

#[actor(name = "spans_noted", stateful = false)]
impl Noted {
    #[action]
    fn note(&mut self, ctx: &Context, what: String) -> String {
        self.notes.push(format!("{what} {}", traceparent(ctx)));
        what
    }

    #[action]
    fn notes(&self) -> String {
        self.notes.join("\n")
    }
}

/// An external subscriber that fails once.
struct Bridge;

impl Subscriber for Bridge {
    fn channels(&self) -> Vec<String> {
        vec!["spans.paid".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("spans_bridge".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        tracing::info!("at the bridge");
        if event.attempt() == 1 { Err("the other side is away".into()) } else { Ok(()) }
    }
}

async fn start() -> TestSystem {
    TestSystem::with(SystemBuilder::only::<(Till, Room, Traced, Noted)>).await.unwrap()
}

/// The fields that a span of an action has.
fn of_action(fields: &Fields) -> [Option<&str>; 6] {
    ["actor", "id", "action", "channel", "attempt", "revision"].map(|field| fields.get(field))
}

#[tokio::test(start_paused = true)]
async fn a_span_tells_which_run_it_is() {
    let (listener, _guard) = Listener::listen(LevelFilter::DEBUG);
    let system = start().await;
    let till = system.actor::<Till>();
    till.add(5).await.unwrap();
    till.add(6).await.unwrap();
    assert_eq!(till.read().await.unwrap(), 11);
    system.actor_by_id::<Room>("blue").enter().cast().await.unwrap();
    till.announce(7).await.unwrap();
    system.settle().await;

    let adds = listener.spans_of("add");
    let add = |revision| [Some("spans_till"), None, Some("add"), None, Some("1"), Some(revision)];
    assert_eq!(of_action(&adds[0].fields), add("1"));
    assert_eq!(of_action(&adds[1].fields), add("2"));
    assert_eq!(listener.spans_of("read")[0].fields.get("revision"), Some("2"));
    let enter = &listener.spans_of("enter")[0];
    let expected = [Some("spans_room"), Some("blue"), Some("enter"), None, Some("1"), None];
    assert_eq!(of_action(&enter.fields), expected);
    let book = &listener.spans_of("book")[0].fields;
    let expected =
        [Some("spans_till"), None, Some("book"), Some("spans.paid"), Some("1"), Some("3")];
    assert_eq!(of_action(book), expected);
    assert!(listener.spans().iter().all(|span| span.name == "action" && span.is_closed));
}

#[tokio::test(start_paused = true)]
async fn what_an_action_says_after_it_has_waited_is_said_in_its_span() {
    let (listener, _guard) = Listener::listen(LevelFilter::DEBUG);
    let system = start().await;
    assert_eq!(system.actor::<Till>().add_slowly(3).await.unwrap(), 3);
    let error = system.actor::<Till>().add_slowly(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);

    let said = listener.lines("in the middle");
    assert_eq!(said.len(), 2);
    for line in said.iter().chain(&listener.lines("an action failed")) {
        let span = line.span.as_ref().unwrap();
        assert_eq!(span.get("action"), Some("add_slowly"), "{line:?}");
    }
    assert!(listener.spans_of("add_slowly").iter().all(|span| span.is_closed));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_want_spans_gets_none_and_is_warned_all_the_same() {
    let (listener, _guard) = Listener::listen(LevelFilter::INFO);
    let system = start().await;
    let till = system.actor::<Till>();
    till.add(1).await.unwrap();
    till.add_slowly(0).await.unwrap_err();
    assert!(listener.spans().is_empty());
    let warnings = listener.lines("an action failed");
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(warning.level, Level::WARN);
    let expected = [Some("spans_till"), None, Some("add_slowly"), None, Some("1"), None];
    assert_eq!(of_action(&warning.fields), expected);
    let cause = warning.fields.get("error").unwrap();
    assert!(cause.contains("nothing was given") && cause.contains("the purse is empty"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_span_and_each_failure_a_warning() {
    let (listener, _guard) = Listener::listen(LevelFilter::DEBUG);
    let system = start().await;
    let till = system.actor::<Till>();
    for unlucky in [13, 14, -1] {
        till.announce(unlucky).await.unwrap();
        system.settle().await;
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    let books = listener.spans_of("book");
    let attempts: Vec<_> = books.iter().map(|span| span.fields.get("attempt").unwrap()).collect();
    assert_eq!(attempts, ["1", "2", "3"].repeat(3));
    let of = |line: &crate::listener::Line| {
        let attempt = line.fields.get("attempt").unwrap().to_owned();
        (line.level, line.fields.get("channel").unwrap().to_owned(), attempt)
    };
    let warning = |attempt: &str| (Level::WARN, "spans.paid".to_owned(), attempt.to_owned());
    let failed: Vec<_> = listener.lines("an action failed").iter().map(of).collect();
    assert_eq!(failed, ["1", "2", "1", "2", "3"].map(warning));
    let panicked: Vec<_> = listener.lines("an action panicked").iter().map(of).collect();
    assert_eq!(panicked, ["1", "2", "3"].map(warning));
    let panicked = &listener.lines("an action panicked")[0];
    assert!(panicked.fields.get("error").unwrap().contains("there is no such payment"));
    assert_eq!(listener.lines("an event comes again").len(), 6);
    let given_up = listener.lines("an event is given up");
    assert_eq!(given_up.len(), 2);
    assert!(given_up[0].fields.get("error").unwrap().contains("not today"));
}

#[tokio::test(start_paused = true)]
async fn an_external_subscriber_has_spans_too() {
    let (listener, _guard) = Listener::listen(LevelFilter::DEBUG);
    let system =
        TestSystem::with(|it| it.only::<(Till,)>().external_subscriber(Bridge)).await.unwrap();
    system.actor::<Till>().announce(1).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let said: Vec<_> =
        listener.lines("at the bridge").into_iter().filter_map(|it| it.span).collect();
    let attempts: Vec<_> = said.iter().map(|span| span.get("attempt").unwrap()).collect();
    assert_eq!(attempts, ["1", "2"]);
    assert_eq!(said[0].get("subscriber"), Some("external:spans_bridge"));
    assert_eq!(said[0].get("channel"), Some("spans.paid"));
}

#[tokio::test]
async fn a_commit_that_fails_is_told_with_its_cause() {
    for store in [Faulty::immediate(), Faulty::new()] {
        let (listener, _guard) = Listener::listen(LevelFilter::WARN);
        let faults = Arc::clone(&store.faults);
        let builder = System::builder("test").store(store).only::<(Till,)>();
        let system = builder.start().await.unwrap();
        faults.fail_next.store(true, Ordering::SeqCst);
        let error = system.actor::<Till>().add(5).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        let warnings = listener.lines("a commit was not saved");
        let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
        assert_eq!((warning.level, warning.fields.get("actor")), (Level::WARN, Some("spans_till")));
        assert!(warning.fields.get("error").unwrap().contains("an injected fault"), "{warning:?}");
    }
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test(start_paused = true)]
async fn a_trace_context_that_nobody_reads_travels_from_cause_to_effect() {
    let system = start().await;
    let traced = system.actor::<Traced>();
    assert_eq!(traced.begin().metadata("traceparent", TRACE).await.unwrap(), TRACE);
    assert_eq!(traced.call().metadata("traceparent", TRACE).await.unwrap(), "pipe");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let notes = system.actor::<Noted>().notes().await.unwrap();
    let mut notes: Vec<_> = notes.lines().collect();
    notes.sort_unstable();
    let expected = ["cast", "delayed", "effect", "event", "pipe"].map(|it| format!("{it} {TRACE}"));
    assert_eq!(notes, expected);
}
