//! What comes of one cause is one trace: over actors, events, effects, retries, and a restart.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::{TestSystem, set_calendar};
use spawn::{BoxError, Pipe, SideEffect, Subscriber, SystemBuilder};
use tracing::Instrument;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

/// When a reminder is due: later than any run of these tests ends, be it slow.
const LATER: Duration = Duration::from_mins(10);

#[message(name = "traces.Shop")]
struct Shop {
    orders: i64,
}

#[actor(name = "shop")]
impl Shop {
    #[action]
    fn order(&mut self, id: String) -> Value<()> {
        self.orders += 1;
        Value::of()
            .broadcast(Broadcast::to("traces.orders", id.clone()))
            .effect(SideEffect::to("reminder", "remind", id).delay(LATER))
    }

    #[action]
    async fn pay(&self, id: String) -> Value<String> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Value::from(id).pipe(Pipe::to("audit", "note"))
    }
}

/// Durable: its state reflects each order.
#[message(name = "traces.Ledger")]
struct Ledger {
    orders: i64,
}

#[actor(name = "ledger", channels = [("traces.orders", book)], retry = { attempts = 3, backoff = "10ms", max_backoff = "10ms" })]
impl Ledger {
    /// An order that is called unlucky fails once.
    #[action]
    async fn book(&mut self, ctx: &Context, id: String) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        if id == "unlucky" && ctx.event().is_some_and(|event| event.attempt() == 1) {
            return Err("not today".into());
        }
        self.orders += 1;
        let audit = ctx.actor::<Audit>();
        async { audit.note(id).await }.instrument(tracing::info_span!("own")).await?;
        Ok(())
    }
}

#[derive(Default)]
struct Mailer;

#[actor(name = "mailer", stateful = false, channels = [("traces.orders", write)])]
impl Mailer {
    #[action]
    fn write(&self, _id: String) {}
}

#[derive(Default)]
struct Reminder;

#[actor(name = "reminder", stateful = false)]
impl Reminder {
    #[action]
    fn remind(&self, _id: String) {}
}

#[derive(Default)]
struct Audit;

#[actor(name = "audit", stateful = false)]
impl Audit {
    #[action]
    fn note(&self, id: String) -> String {
        id
    }
}

struct Bridge;

impl Subscriber for Bridge {
    fn channels(&self) -> Vec<String> {
        vec!["traces.*".to_owned()]
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        Ok(())
    }
}

/// The spans that have ended, by name.
struct Traces {
    exporter: InMemorySpanExporter,
    _guard: DefaultGuard,
}

impl Traces {
    /// Takes the spans of this thread.
    fn take_all() -> Self {
        spawn_tests::ask_all_subscribers();
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        Self { exporter, _guard: tracing::subscriber::set_default(subscriber) }
    }

    fn by_name(&self) -> BTreeMap<String, Vec<SpanData>> {
        let mut spans = BTreeMap::<_, Vec<_>>::new();
        for span in self.exporter.get_finished_spans().unwrap() {
            spans.entry(span.name.to_string()).or_default().push(span);
        }
        spans
    }

    /// Each span with the name of the one that it came of, as `cause > effect`.
    fn causes(&self) -> Vec<String> {
        let spans = self.exporter.get_finished_spans().unwrap();
        let name_of =
            |id| spans.iter().find(|it| it.span_context.span_id() == id).map(|it| &it.name);
        let mut causes: Vec<_> = spans
            .iter()
            .map(|span| match name_of(span.parent_span_id) {
                Some(cause) => format!("{cause} > {}", span.name),
                None => span.name.to_string(),
            })
            .collect();
        causes.sort_unstable();
        causes
    }

    /// That there is one trace.
    #[track_caller]
    fn assert_one(&self) {
        let spans = self.exporter.get_finished_spans().unwrap();
        let first = spans[0].span_context.trace_id();
        assert!(spans.iter().all(|it| it.span_context.trace_id() == first), "{:?}", self.causes());
    }
}

type Everybody = (Shop, Ledger, Mailer, Reminder, Audit);

#[tokio::test(start_paused = true)]
async fn an_order_and_everything_that_comes_of_it_is_one_trace() {
    let traces = Traces::take_all();
    let system =
        TestSystem::with(|it| it.only::<Everybody>().external_subscriber(Bridge)).await.unwrap();
    let request = tracing::info_span!("request");
    system.actor::<Shop>().order("one".to_owned()).instrument(request).await.unwrap();
    tokio::time::sleep(LATER * 2).await;
    assert_eq!(
        traces.causes(),
        [
            "ledger.book > own",
            "own > audit.note",
            "request",
            "request > shop.order",
            "shop.order > ledger.book",
            "shop.order > mailer.write",
            "shop.order > reminder.remind",
            "shop.order > traces::Bridge.receive",
        ]
    );
    traces.assert_one();
}

#[tokio::test(start_paused = true)]
async fn pipes_casts_and_delayed_calls_belong_to_their_causes() {
    let traces = Traces::take_all();
    let system = TestSystem::with(SystemBuilder::only::<Everybody>).await.unwrap();
    async {
        let (shop, audit) = (system.actor::<Shop>(), system.actor::<Audit>());
        shop.pay("two".to_owned()).await.unwrap();
        audit.note("cast".to_owned()).cast().await.unwrap();
        audit.note("later".to_owned()).delay(Duration::from_secs(1)).await.unwrap();
        system
            .invoke("mailer", "write", "named".to_owned())
            .delay(Duration::from_secs(1))
            .await
            .unwrap();
        system.broadcast(Broadcast::to("traces.orders", "published".to_owned())).await.unwrap();
    }
    .instrument(tracing::info_span!("request"))
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(
        traces.causes(),
        [
            "ledger.book > own",
            "own > audit.note",
            "request",
            "request > audit.note",
            "request > audit.note",
            "request > ledger.book",
            "request > mailer.write",
            "request > mailer.write",
            "request > shop.pay",
            "shop.pay > audit.note",
        ]
    );
    traces.assert_one();
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_a_span_of_the_same_trace_and_a_failed_one_says_why() {
    let traces = Traces::take_all();
    let system = TestSystem::with(SystemBuilder::only::<Everybody>).await.unwrap();
    system.actor::<Shop>().order("unlucky".to_owned()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    traces.assert_one();
    let spans = traces.by_name();
    let [failed, done] = spans["ledger.book"].as_slice() else { panic!("{:?}", traces.causes()) };
    assert_eq!(failed.parent_span_id, spans["shop.order"][0].span_context.span_id());
    assert_eq!(done.parent_span_id, failed.parent_span_id);
    let Status::Error { description } = &failed.status else { panic!("{:?}", failed.status) };
    assert!(description.contains("not today"), "{description}");
    assert_eq!(done.status, Status::Unset);
    let attempt = |span: &SpanData| {
        let attempt = span.attributes.iter().find(|it| it.key.as_str() == "attempt").unwrap();
        attempt.value.to_string()
    };
    assert_eq!((attempt(failed), attempt(done)), ("1".to_owned(), "2".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_context_from_elsewhere_is_continued_and_one_that_was_not_sampled_is_not_recorded() {
    let traces = Traces::take_all();
    let system = TestSystem::with(SystemBuilder::only::<Everybody>).await.unwrap();
    let order = |id: &str, flags: &str| {
        let parent = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
        let call = system.actor::<Shop>().order(id.to_owned()).metadata("traceparent", parent);
        call.metadata("tracestate", "congo=t61rcWkgMzE")
    };
    order("one", "01").await.unwrap();
    tokio::time::sleep(LATER * 2).await;
    traces.assert_one();
    let spans = traces.by_name();
    let first = &spans["shop.order"][0];
    assert_eq!(first.span_context.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(first.parent_span_id.to_string(), "b7ad6b7169203331");
    for name in ["ledger.book", "mailer.write", "reminder.remind"] {
        let state = spans[name][0].span_context.trace_state();
        assert_eq!(state.get("congo"), Some("t61rcWkgMzE"), "{name}");
    }
    let before = traces.exporter.get_finished_spans().unwrap().len();
    order("two", "00").await.unwrap();
    tokio::time::sleep(LATER * 2).await;
    assert_eq!(traces.exporter.get_finished_spans().unwrap().len(), before);
}

#[tokio::test]
async fn a_subscriber_that_was_not_there_belongs_to_the_trace_after_a_restart() {
    let traces = Traces::take_all();
    let directory = tempfile::tempdir().unwrap();
    let builder = || System::builder("traces").store(Sqlite::at(directory.path()));
    // Everybody is known to the store; then the program has no subscriber for a while.
    builder().only::<Everybody>().start().await.unwrap().shutdown().await.unwrap();
    let system = builder().only::<(Shop, Reminder)>().start().await.unwrap();
    let request = tracing::info_span!("request");
    system.actor::<Shop>().order("one".to_owned()).instrument(request).await.unwrap();
    system.shutdown().await.unwrap();
    assert_eq!(traces.causes(), ["request", "request > shop.order"]);

    // The reminder is overdue by then.
    set_calendar(SystemTime::now() + LATER);
    let system = builder().only::<Everybody>().start().await.unwrap();
    let wanted = ["ledger.book", "mailer.write", "reminder.remind", "audit.note"];
    while !wanted.iter().all(|name| traces.by_name().contains_key(*name)) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    system.shutdown().await.unwrap();
    traces.assert_one();
    let spans = traces.by_name();
    for name in &wanted[..3] {
        assert_eq!(spans[*name][0].parent_span_id, spans["shop.order"][0].span_context.span_id());
    }
}
