//! Which actor gets which event, and in which order: random systems and histories, held against a model of a page.
//!
//! What an actor is subscribed to is decided when the program is compiled, so that `zoo` has many kinds of actors, of which each case
//! takes some; the external subscribers and the streams beside them are made of random patterns.

mod model;
mod zoo;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{BoxError, EventStream, Subscriber, SystemBuilder};

use self::model::{Expected, Model};
use self::zoo::{Alpha, Beta, Flavour, Gamma, SPECIES, Species};

/// What was handled, by actor id, in order: the action and the number of the event.
pub(crate) type Handled = BTreeMap<String, Vec<(String, u64)>>;

/// Where every subscriber writes down what it handles.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<Handled>);

impl Record {
    fn note(&self, id: &str, action: &str, number: u64) {
        let mut handled = self.0.lock().unwrap();
        handled.entry(id.to_owned()).or_default().push((action.to_owned(), number));
    }
}

/// The number of an event of any type.
fn number_of(event: &Event) -> u64 {
    let number = match event.type_name().name() {
        "Alpha" => event.decode::<Alpha>().map(|it| it.number),
        "Beta" => event.decode::<Beta>().map(|it| it.number),
        _ => event.decode::<Gamma>().map(|it| it.number),
    };
    number.unwrap()
}

/// What is published; its number is its place in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Alpha,
    Beta,
    /// No clause takes it but those that take every event.
    Gamma,
}

#[derive(Clone, Debug)]
enum Step {
    /// Publishes events together.
    Publish(Vec<(String, Kind, u64)>),
    /// Makes an instance of every unnamed actor, if there is none of this id.
    Touch(u64),
    /// Listens to a pattern from here on.
    Listen(String),
    /// Passes so much time that everybody is passivated.
    Sleep,
}

#[derive(Clone, Debug)]
struct Case {
    species: Vec<&'static Species>,
    externals: Vec<Vec<String>>,
    steps: Vec<Step>,
}

fn channel() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&["a", "b", "c"][..]), 1..4).prop_map(|tokens| tokens.join("."))
}

fn pattern() -> impl Strategy<Value = String> {
    let token = select(&["a", "b", "c", "*"][..]);
    (prop::collection::vec(token, 0..4), any::<bool>()).prop_map(|(mut tokens, rest)| {
        if rest || tokens.is_empty() {
            tokens.push(">");
        }
        tokens.join(".")
    })
}

fn step() -> impl Strategy<Value = Step> {
    let kind = select(&[Kind::Alpha, Kind::Beta, Kind::Gamma][..]);
    let event = (channel(), kind, 0..3_u64);
    prop_oneof![
        8 => prop::collection::vec(event, 1..5).prop_map(Step::Publish),
        2 => (0..3_u64).prop_map(Step::Touch),
        1 => pattern().prop_map(Step::Listen),
        1 => Just(Step::Sleep),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let species: Vec<_> = SPECIES.iter().collect();
    (
        subsequence(species, 1..8),
        prop::collection::vec(prop::collection::vec(pattern(), 1..4), 0..3),
        prop::collection::vec(step(), 1..16),
    )
        .prop_map(|(species, externals, steps)| Case { species, externals, steps })
}

/// An external subscriber that writes down what it gets.
struct Outside {
    id: String,
    channels: Vec<String>,
    record: Arc<Record>,
}

impl Subscriber for Outside {
    fn channels(&self) -> Vec<String> {
        self.channels.clone()
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.record.note(&self.id, "receive", number_of(&event));
        Ok(())
    }
}

fn build(builder: SystemBuilder, case: &Case, record: &Arc<Record>) -> SystemBuilder {
    let definitions = case.species.iter().map(|species| (species.definition)());
    let builder = builder.resource(Arc::clone(record)).actors(definitions);
    case.externals.iter().zip(0..).fold(builder, |builder, (channels, place)| {
        let id = model::external(place);
        let record = Arc::clone(record);
        builder.external_subscriber(Outside { id, channels: channels.clone(), record })
    })
}

/// What happens in a real system.
async fn run(case: &Case) -> Handled {
    let record = Arc::new(Record::default());
    let system = TestSystem::with(|builder| build(builder, case, &record)).await.unwrap();
    let mut streams: Vec<EventStream> = Vec::new();
    let mut number = 0;
    for step in &case.steps {
        match step {
            Step::Publish(events) => {
                let mut broadcast = Broadcast::new();
                for (channel, kind, key) in events {
                    number += 1;
                    let (channel, key) = (channel.clone(), *key);
                    broadcast = match kind {
                        Kind::Alpha => {
                            broadcast.and(channel, Alpha { key: key.to_string(), number })
                        }
                        Kind::Beta => broadcast.and(channel, Beta { key, number }),
                        Kind::Gamma => broadcast.and(channel, Gamma { number }),
                    };
                }
                system.broadcast(broadcast).await.unwrap();
            }
            Step::Touch(key) => touch(&system, case, *key).await,
            Step::Listen(pattern) => streams.push(system.subscribe(pattern.clone()).unwrap()),
            Step::Sleep => {
                system.settle().await;
                system.advance(Duration::from_mins(1)).await;
            }
        }
    }
    // Instances that are passive catch up before their next message.
    for key in 0..3 {
        touch(&system, case, key).await;
    }
    system.settle().await;
    for (place, stream) in streams.iter_mut().enumerate() {
        let patience = Duration::from_millis(1);
        while let Ok(Some(event)) = tokio::time::timeout(patience, stream.next()).await {
            record.note(&model::stream(place), "next", number_of(&event));
        }
    }
    System::clone(&system).shutdown().await.unwrap();
    let handled = record.0.lock().unwrap();
    handled.clone()
}

/// Calls the instance `key` of every unnamed actor without routes, which makes it if it is not there.
async fn touch(system: &System, case: &Case, key: u64) {
    for species in case.species.iter().filter(|it| it.flavour == Flavour::Unnamed) {
        system.invoke(&key.to_string(), "touch", ()).reference(species.name).await.unwrap();
    }
}

/// What should have happened.
fn expected(case: &Case) -> Expected {
    let mut model = Model::new(&case.species, &case.externals);
    let mut number = 0;
    for step in &case.steps {
        match step {
            Step::Publish(events) => {
                for (channel, kind, key) in events {
                    number += 1;
                    model.publish(channel, *kind, *key, number);
                }
            }
            Step::Touch(key) => model.touch(*key),
            Step::Listen(pattern) => model.listen(pattern),
            Step::Sleep => {}
        }
    }
    model.expected()
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let mut handled = runtime.block_on(run(case));
    let Expected { in_order, in_any_order } = expected(case);
    // Any member of a pool may take an event, and none of them waits for another.
    for (name, mut wanted) in in_any_order {
        let is_member = |id: &str| id.strip_prefix(&*name).is_some_and(|it| it.starts_with('/'));
        let mut found = Vec::new();
        handled.retain(|id, took| {
            let keep = !is_member(id);
            if !keep {
                found.append(took);
            }
            keep
        });
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted, "the pool {}", name);
    }
    prop_assert_eq!(handled, in_order);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_event_reaches_whom_the_model_says_in_its_order(case in case()) {
        check(&case)?;
    }
}

/// The model is no oracle by itself: what it expects is not the same, whatever is published.
#[test]
fn the_model_expects_something() {
    let species = SPECIES.iter().filter(|it| it.name.starts_with("zoo.rest")).collect();
    let events = vec![("a.b".to_owned(), Kind::Alpha, 1), ("a".to_owned(), Kind::Beta, 2)];
    let case = Case {
        species,
        externals: vec![vec!["*".to_owned()]],
        steps: vec![Step::Touch(0), Step::Listen(">".to_owned()), Step::Publish(events)],
    };
    let Expected { in_order, in_any_order } = expected(&case);
    let of = |id: &str| in_order.get(id).map(|it| it.iter().map(|(_, number)| *number).collect());
    assert_eq!(of("zoo.rest.Named"), Some(vec![1, 1, 2]));
    assert_eq!(of("zoo.rest.Unnamed/0"), Some(vec![1, 1, 2]));
    assert_eq!(of("zoo.rest.Unnamed/1"), None::<Vec<u64>>);
    assert_eq!(of("zoo.rest.Routed/1"), Some(vec![1]));
    assert_eq!(of("zoo.rest.Routed/a.b"), Some(vec![1]));
    assert_eq!(of("external 0"), Some(vec![2]));
    assert_eq!(of("stream 0"), Some(vec![1, 2]));
    assert_eq!(in_any_order.values().map(Vec::len).collect::<Vec<_>>(), [3]);
    check(&case).unwrap();
}
