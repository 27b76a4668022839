//! What a running system tells.

use std::sync::{Arc, Mutex};

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;
use spawn::{BoxError, Subscriber};
use tokio::net::TcpListener;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

// ANCHOR: alarm
/// Tells somebody of each dead letter.
struct Alarm {
    told: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Alarm {
    fn channels(&self) -> Vec<String> {
        vec!["spawn.dead_letters".to_owned()]
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.told.lock().map_err(|_| "poisoned")?.push(event.type_name().to_string());
        Ok(())
    }
}

#[message(name = "observability.Ledger")]
pub struct Ledger {
    total: i64,
}

#[actor(name = "observability_ledger", channels = [("payments", book)])]
impl Ledger {
    #[action]
    fn book(&mut self, amount: i64) -> Result<(), ActionError> {
        if amount < 0 {
            return Err(ActionError::new("negative", "this is no payment").fatal());
        }
        self.total += amount;
        Ok(())
    }
}

#[tokio::test]
async fn somebody_is_told_of_a_dead_letter() -> spawn::Result<()> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let alarm = Alarm { told: Arc::clone(&told) };
    let system =
        TestSystem::with(|builder| builder.only::<(Ledger,)>().external_subscriber(alarm)).await?;
    system.broadcast(Broadcast::to("payments", -5_i64)).await?;
    system.settle().await;

    assert_eq!(told.lock().unwrap().len(), 1);
    let letter = system.dead_letters().list().await?.remove(0);
    assert_eq!(letter.subscriber(), "observability_ledger");
    assert!(letter.error().contains("this is no payment"), "{}", letter.error());
    assert_eq!(letter.event().unwrap().decode::<i64>()?, -5);
    assert!(system.dead_letters().discard(letter.id()).await?);
    Ok(())
}
// ANCHOR_END: alarm

// ANCHOR: subscriptions
#[derive(Default)]
pub struct Clerk;

#[actor(stateful = false, name = "observability_clerk")]
impl Clerk {
    #[action]
    fn is_there(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_subscription_that_nobody_has_is_dropped() -> Result<(), BoxError> {
    let directory = tempfile::tempdir()?;
    let store = || Sqlite::at(directory.path());
    let system = System::builder("shop").store(store()).only::<(Ledger,)>().start().await?;
    system.shutdown().await?;

    // The next version of the program has no ledger, and its subscription would hold the log.
    let system = System::builder("shop").store(store()).only::<(Clerk,)>().start().await?;
    let left = system.subscriptions().await?;
    assert_eq!(left[0].subscriber, "observability_ledger");
    assert!(system.drop_subscription(left[0].id).await?);
    assert!(system.subscriptions().await?.is_empty());
    system.shutdown().await?;
    Ok(())
}
// ANCHOR_END: subscriptions

// ANCHOR: traces
async fn traced() -> Result<(), BoxError> {
    let exporter = spawn::otel::Exporter::new("shop")?;
    // What is exported: the spans of actions, and those of your own from `info` on.
    let spans = Targets::new().with_target("spawn", Level::DEBUG).with_target("shop", Level::INFO);
    tracing_subscriber::registry().with(exporter.layer().with_filter(spans)).init();

    let system = System::builder("shop").in_memory().only::<(Ledger,)>().start().await?;
    system.broadcast(Broadcast::to("payments", 990_i64)).await?;
    system.shutdown().await?;
    // Sends the last spans.
    exporter.shutdown().await?;
    Ok(())
}
// ANCHOR_END: traces

#[tokio::test]
async fn spans_that_nobody_takes_are_told_at_the_end() {
    // Where these tests run there is no collector.
    let error = traced().await.unwrap_err();
    assert_eq!(error.to_string(), "the last spans were not sent");
}

// ANCHOR: metrics
async fn measured(address: &str) -> Result<(), BoxError> {
    // Before the system starts.
    let metrics = spawn::prometheus::install()?;
    // Such as "127.0.0.1:9464".
    let listener = TcpListener::bind(address).await?;
    tokio::spawn(metrics.clone().serve(listener));

    let system = System::builder("measured").in_memory().only::<(Clerk,)>().start().await?;
    system.actor::<Clerk>().is_there().await?;
    let calls = r#"spawn_actions_total{system="measured",actor="observability_clerk",action="is_there",outcome="ok"} 1"#;
    assert!(metrics.render().contains(calls), "{}", metrics.render());
    system.shutdown().await?;
    Ok(())
}
// ANCHOR_END: metrics

#[tokio::test]
async fn calls_are_measured() -> Result<(), BoxError> {
    measured("127.0.0.1:0").await
}
