//! What is counted and measured when it happens.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;
use spawn::{BoxError, ChannelOptions, SideEffect, Subscriber};
use tokio::sync::Semaphore;

use crate::scrape::{Samples, get, record, served, until};

#[message(name = "metrics.Till")]
struct Till {
    cents: i64,
}

#[actor(name = "till", retry = { attempts = 2, backoff = "1ms", max_backoff = "1ms" }, channels = [("till.paid", book)])]
impl Till {
    #[action]
    fn add(&mut self, cents: i64) -> Result<i64, ActionError> {
        assert!(cents != 13, "unlucky");
        if cents < 0 {
            return Err(ActionError::new("negative", "this is no payment"));
        }
        self.cents += cents;
        Ok(self.cents)
    }

    #[action]
    async fn add_slowly(&mut self, cents: i64) -> i64 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.cents += cents;
        self.cents
    }

    #[action]
    fn announce(&mut self, cents: i64) -> Value<()> {
        Value::of().broadcast(Broadcast::to("till.paid", cents).and("till.hint", cents))
    }

    /// Fails once for 1, and always for 0.
    #[action]
    fn book(&mut self, cents: i64, ctx: &Context) -> Result<(), ActionError> {
        let attempt = ctx.event().map_or(0, Event::attempt);
        if cents == 0 || cents == 1 && attempt == 1 {
            return Err(ActionError::new("unlucky", "not today"));
        }
        self.cents += cents;
        Ok(())
    }

    #[action]
    fn order(&mut self) -> Value<()> {
        Value::of().effect(SideEffect::to("till", "deliver", ()))
    }

    #[action]
    fn deliver(&mut self) -> Result<(), ActionError> {
        Err(ActionError::new("never", "nobody delivers").fatal())
    }
}

#[derive(Default)]
struct Guest {
    visits: i64,
}

#[actor(name = "guest", kind = unnamed, stateful = false, deactivate_timeout = "40ms")]
impl Guest {
    #[init]
    fn arrive(&mut self) {
        self.visits = 0;
    }

    #[action]
    fn visit(&mut self) -> i64 {
        self.visits += 1;
        self.visits
    }
}

/// Has its trouble with twos, once.
struct Bridge;

impl Subscriber for Bridge {
    fn channels(&self) -> Vec<String> {
        vec!["till.paid".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("bridge".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let is_two = event.decode::<i64>().map_err(|error| {
            ActionError::new("text", "this is no number").caused_by(error).fatal()
        })? == 2;
        if is_two && event.attempt() == 1 { Err("not now".into()) } else { Ok(()) }
    }
}

#[tokio::test]
async fn actions_are_counted_by_how_they_ended_and_measured() {
    record();
    let directory = tempfile::tempdir().unwrap();
    let builder = System::builder("actions").store(Sqlite::at(directory.path()));
    let system = builder.only::<(Till,)>().start().await.unwrap();
    let till = system.actor::<Till>();
    for cents in [1, 2, 3] {
        till.add(cents).await.unwrap();
    }
    till.add(-1).await.unwrap_err();
    till.add(-2).cast().await.unwrap();
    till.add(13).await.unwrap_err();
    till.add_slowly(1).await.unwrap();
    system.settled().await;

    let samples = Samples::of("actions");
    let action = |action: &str, outcome: &str| {
        samples.get(&format!(
            "spawn_actions_total{{action=\"{action}\",actor=\"till\",outcome=\"{outcome}\"}}"
        ))
    };
    assert_eq!(["ok", "error", "panic"].map(|it| action("add", it)), [3.0, 2.0, 1.0]);
    assert_eq!(["ok", "error", "panic"].map(|it| action("add_slowly", it)), [1.0, 0.0, 0.0]);
    samples.assert(&[
        ("spawn_action_seconds_count{action=\"add\",actor=\"till\"}", 6.0),
        ("spawn_action_seconds_bucket{action=\"add_slowly\",actor=\"till\",le=\"0.025\"}", 0.0),
        ("spawn_action_seconds_bucket{action=\"add_slowly\",actor=\"till\",le=\"+Inf\"}", 1.0),
        ("spawn_activations_total{actor=\"till\"}", 1.0),
        // Four changes; what failed has no commit.
        ("spawn_commits_total{outcome=\"saved\"}", 4.0),
        ("spawn_commits_total{outcome=\"failed\"}", 0.0),
        ("spawn_commit_group_size_sum{}", 4.0),
    ]);
    let transactions = samples.get("spawn_commit_seconds_count{}");
    assert_eq!(transactions, samples.get("spawn_commit_group_size_count{}"));
    assert!((1.0..=4.0).contains(&transactions), "{transactions}");
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn events_are_counted_from_the_broadcast_to_the_dead_letter() {
    record();
    let builder = System::builder("events").in_memory().only::<(Till,)>();
    let builder = builder.channel("till.hint", ChannelOptions::transient());
    let system = builder.external_subscriber(Bridge).start().await.unwrap();
    let till = system.actor::<Till>();
    for cents in [5, 1, 0, 2] {
        till.announce(cents).await.unwrap();
    }
    system.broadcast(Broadcast::to("till.paid", "not a number".to_owned())).await.unwrap();
    till.order().await.unwrap();
    let letters = |samples: &Samples, of: &str| {
        samples.get(&format!("spawn_dead_letters_total{{subscriber=\"{of}\"}}"))
    };
    until("events", |samples| {
        letters(samples, "till") == 2.0 && letters(samples, "external:bridge") == 1.0
    })
    .await;
    // What is behind an event that was given up comes then.
    system.settled().await;
    let samples = Samples::of("events");
    samples.assert(&[
        // Four announcements, one from outside, and three of dead letters.
        ("spawn_broadcasts_total{durable=\"true\"}", 8.0),
        ("spawn_broadcasts_total{durable=\"false\"}", 4.0),
        // 5; 1 twice; 0 twice; 2. Nobody takes the text.
        ("spawn_deliveries_total{subscriber=\"till\"}", 6.0),
        ("spawn_retries_total{subscriber=\"till\"}", 2.0),
        // 2 twice, and the text once.
        ("spawn_deliveries_total{subscriber=\"external:bridge\"}", 6.0),
        ("spawn_retries_total{subscriber=\"external:bridge\"}", 1.0),
        ("spawn_actions_total{action=\"deliver\",actor=\"till\",outcome=\"error\"}", 1.0),
        ("spawn_actions_total{action=\"book\",actor=\"till\",outcome=\"error\"}", 3.0),
        ("spawn_actions_total{action=\"book\",actor=\"till\",outcome=\"ok\"}", 3.0),
    ]);
}

/// Looks at its first event as long as the others come.
struct Sleeper;

#[actor(name = "sleeper", kind = unnamed, stateful = false, channels = [("sleeper.told", hear)])]
impl Sleeper {
    #[action]
    fn ready(&self) {}

    #[action]
    async fn hear(&self, gate: &Arc<Semaphore>, _number: &i64) {
        gate.acquire().await.unwrap().forget();
    }
}

#[tokio::test]
async fn what_a_subscriber_has_no_room_for_is_counted() {
    record();
    let gate = Arc::new(Semaphore::new(0));
    let builder = System::builder("sleep").in_memory().only::<(Sleeper,)>();
    let builder = builder.resource(Arc::clone(&gate)).provide(|_| Sleeper);
    let system =
        builder.channel("sleeper.told", ChannelOptions::transient()).start().await.unwrap();
    system.actor_by_id::<Sleeper>("one").ready().await.unwrap();
    Samples::of("sleep").assert(&[("spawn_missed_total{actor=\"sleeper\"}", 0.0)]);
    for number in 0..2_000_i64 {
        system.broadcast(Broadcast::to("sleeper.told", number)).await.unwrap();
        tokio::task::yield_now().await;
    }
    gate.add_permits(2_000);
    system.settled().await;
    // One was in its hands, and 1,024 waited.
    Samples::of("sleep").assert(&[("spawn_missed_total{actor=\"sleeper\"}", 975.0)]);
}

#[tokio::test]
async fn who_comes_into_memory_and_leaves_it_is_counted() {
    record();
    let builder = System::builder("guests").in_memory().only::<(Guest,)>();
    let system = builder.start().await.unwrap();
    for guest in ["ann", "bob", "cid"] {
        assert_eq!(system.actor_by_id::<Guest>(guest).visit().await.unwrap(), 1);
    }
    let left = |samples: &Samples| samples.get("spawn_passivations_total{actor=\"guest\"}");
    until("guests", |samples| left(samples) == 3.0).await;
    assert_eq!(system.actor_by_id::<Guest>("ann").visit().await.unwrap(), 1);
    let samples = until("guests", |samples| left(samples) == 4.0).await;
    samples.assert(&[
        ("spawn_activations_total{actor=\"guest\"}", 4.0),
        ("spawn_actions_total{action=\"init\",actor=\"guest\",outcome=\"ok\"}", 4.0),
        ("spawn_actions_total{action=\"visit\",actor=\"guest\",outcome=\"ok\"}", 4.0),
    ]);
}

#[derive(Default)]
struct Clock;

#[actor(name = "clock", stateful = false, ask_timeout = "1s")]
impl Clock {
    /// Takes as long as two and a half ticks.
    #[action(timer = "10s")]
    async fn tick(&self) {
        tokio::time::sleep(Duration::from_secs(25)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn ticks_that_are_left_out_are_counted() {
    record();
    let builder = System::builder("clock").in_memory().only::<(Clock,)>();
    let system = TestSystem::from(builder.start().await.unwrap());
    // The ticks of 10 and 40 seconds are called, those of 20 and 30, of 50 and 60 are left out.
    tokio::time::sleep(Duration::from_secs(69)).await;
    Samples::of("clock").assert(&[
        ("spawn_timer_ticks_skipped_total{action=\"tick\",actor=\"clock\"}", 4.0),
        ("spawn_actions_total{action=\"tick\",actor=\"clock\",outcome=\"ok\"}", 2.0),
    ]);
    drop(system);
}

#[tokio::test]
async fn everything_is_described_and_nothing_else_is_served() {
    record();
    let system = System::builder("described").in_memory().only::<(Till,)>().start().await.unwrap();
    system.actor::<Till>().add(1).await.unwrap();
    let (head, body) = get("/metrics");
    assert!(
        head.to_ascii_lowercase().contains("content-type: text/plain; version=0.0.4"),
        "{head}"
    );
    for line in body.lines().filter(|line| line.starts_with("# TYPE spawn_")) {
        let name = line.split(' ').nth(2).unwrap();
        assert!(body.contains(&format!("# HELP {name} ")), "{name} is not described");
    }
    assert!(body.contains("# TYPE spawn_action_seconds histogram"));
    assert!(get("/").0.starts_with("HTTP/1.1 404"));
    let error = spawn::prometheus::install().unwrap_err();
    assert!(error.to_string().contains("install it once"), "{error}");
}

#[tokio::test]
async fn only_a_loopback_address_is_served() {
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = served().serve(listener).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}
