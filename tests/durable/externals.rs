//! External subscribers with a name: they go on where they were.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, BoxError, Subscriber};

use crate::actors::{Added, Counter, Runs, builder, faulty, faulty_in_place};
use crate::faulty::Faulty;

/// Keeps the amounts that it was given, over all of its lives.
struct Bridge {
    given: Arc<Mutex<Vec<i64>>>,
    from_start: bool,
    patterns: Vec<String>,
}

impl Subscriber for Bridge {
    fn name(&self) -> Option<String> {
        Some("bridge".to_owned())
    }

    fn from_start(&self) -> bool {
        self.from_start
    }

    fn channels(&self) -> Vec<String> {
        self.patterns.clone()
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let amount = event.decode::<Added>()?.amount;
        self.given.lock().push(amount);
        match amount {
            -13 => Err("unlucky".into()),
            -666 => Err(ActionError::new("evil", "not taken").fatal().into()),
            _ => Ok(()),
        }
    }
}

type Given = Arc<Mutex<Vec<i64>>>;

async fn start(store: &Faulty, given: &Given, from_start: bool) -> TestSystem {
    let runs = Arc::new(Runs::default());
    let patterns = vec!["durable.added".to_owned(), "durable.*".to_owned()];
    let bridge = Bridge { given: Arc::clone(given), from_start, patterns };
    let builder = builder(store, &runs).only::<(Counter,)>().external_subscriber(bridge);
    TestSystem::from(builder.start().await.unwrap())
}

async fn alone(store: &Faulty) -> System {
    let runs = Arc::new(Runs::default());
    builder(store, &runs).only::<(Counter,)>().start().await.unwrap()
}

async fn publish(system: &System, amounts: impl IntoIterator<Item = i64>) {
    for amount in amounts {
        system.broadcast(Broadcast::to("durable.added", Added { amount })).await.unwrap();
    }
}

#[tokio::test]
async fn it_gets_what_was_published_while_it_was_away() {
    let (store, _faults) = faulty();
    let given = Given::default();
    let system = start(&store, &given, false).await;
    publish(&system, 1..=3).await;
    System::clone(&system).shutdown().await.unwrap();
    assert_eq!(*given.lock(), [1, 2, 3]);

    let without = alone(&store).await;
    publish(&without, 4..=1_500).await;
    without.shutdown().await.unwrap();
    assert_eq!(given.lock().len(), 3);

    let system = start(&store, &given, false).await;
    system.settle().await;
    publish(&system, [2_000]).await;
    system.settle().await;
    let expected: Vec<_> = (1..=1_500).chain([2_000]).collect();
    assert_eq!(*given.lock(), expected, "each once, though two patterns match");
}

#[tokio::test]
async fn a_new_one_begins_now_or_with_what_is_kept() {
    for (from_start, expected) in [(false, vec![3]), (true, vec![1, 2, 3])] {
        let (store, _faults) = faulty();
        let given = Given::default();
        let without = alone(&store).await;
        publish(&without, 1..=2).await;
        without.shutdown().await.unwrap();
        let system = start(&store, &given, from_start).await;
        publish(&system, [3]).await;
        system.settle().await;
        assert_eq!(*given.lock(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_it_cannot_take_is_a_dead_letter() {
    let (store, _faults) = faulty_in_place();
    let given = Given::default();
    let system = start(&store, &given, false).await;
    publish(&system, [-13, -666, 5]).await;
    tokio::time::sleep(Duration::from_mins(3)).await;
    system.settle().await;
    let mut expected = vec![-13; 10];
    expected.extend([-666, 5]);
    assert_eq!(*given.lock(), expected);
    let letters = system.dead_letters().list().await.unwrap();
    let subscribers: Vec<_> = letters.iter().map(|it| (it.subscriber(), it.attempts())).collect();
    assert_eq!(subscribers, [("external:bridge", 10), ("external:bridge", 1)]);
    assert!(letters[0].error().contains("unlucky"), "{}", letters[0].error());
}

#[tokio::test]
async fn two_of_one_name_keep_the_system_from_starting() {
    let (store, _faults) = faulty();
    let runs = Arc::new(Runs::default());
    let bridge = |patterns: &str| Bridge {
        given: Given::default(),
        from_start: false,
        patterns: vec![patterns.to_owned()],
    };
    let builder = builder(&store, &runs).only::<(Counter,)>();
    let builder = builder.external_subscriber(bridge("a")).external_subscriber(bridge("b"));
    let error = builder.start().await.unwrap_err();
    assert!(error.to_string().contains("external:bridge"), "{error}");
}
