//! Many publish at once: what each subscriber sees of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use spawn::ChannelOptions;
use spawn::prelude::*;
use spawn::testing::TestSystem;

/// How often each of the publishers publishes.
const EVENTS: i64 = 500;
const PUBLISHERS: i64 = 4;

#[message(name = "order.Source")]
struct Source {
    published: i64,
}

#[actor(name = "order_source", kind = unnamed)]
impl Source {
    /// Over two channels by turns, so that the order is not that of one of them. Every third time it fails after all.
    #[action]
    fn publish(&mut self, number: i64) -> Result<Value<()>, ActionError> {
        self.published += 1;
        if number % 3 == 2 {
            return Err(ActionError::new("no", "not this one"));
        }
        let channel = if number % 2 == 0 { "order.even" } else { "order.odd" };
        Ok(Value::of().broadcast(Broadcast::to(channel, number)))
    }

    #[action]
    fn published(&self) -> i64 {
        self.published
    }
}

#[message(name = "order.Numbers")]
struct Numbers {
    all: Vec<i64>,
}

/// Handles events at once.
#[message(name = "order.Quick")]
struct Quick {
    numbers: Vec<i64>,
}

#[actor(name = "order_quick", channels = [("order.*", take)])]
impl Quick {
    #[action]
    fn take(&mut self, number: i64) {
        self.numbers.push(number);
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { all: self.numbers.clone() }
    }
}

/// Waits within each.
#[message(name = "order.Slow")]
struct Slow {
    numbers: Vec<i64>,
}

#[actor(name = "order_slow", channels = [("order.>", take)])]
impl Slow {
    #[action]
    async fn take(&mut self, number: i64) {
        tokio::task::yield_now().await;
        self.numbers.push(number);
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { all: self.numbers.clone() }
    }
}

/// What is published of a publisher, in order.
fn expected(publisher: i64) -> impl Iterator<Item = i64> {
    let first = publisher * EVENTS;
    (first..first + EVENTS).filter(|number| number % 3 != 2)
}

fn check(who: &str, numbers: &[i64]) {
    let mut by_publisher = BTreeMap::<i64, Vec<i64>>::new();
    for number in numbers {
        by_publisher.entry(number / EVENTS).or_default().push(*number);
    }
    for publisher in 0..PUBLISHERS {
        let seen = by_publisher.remove(&publisher).unwrap_or_default();
        assert!(seen.iter().copied().eq(expected(publisher)), "{who} of {publisher}: {seen:?}");
    }
}

async fn publish_all(system: &Arc<TestSystem>) {
    let publishers = (0..PUBLISHERS).map(|publisher| {
        let system = Arc::clone(system);
        tokio::spawn(async move {
            let source = system.actor_by_id::<Source>(publisher.to_string());
            for number in publisher * EVENTS..(publisher + 1) * EVENTS {
                let failed = source.publish(number).await.is_err();
                assert_eq!(failed, number % 3 == 2);
            }
        })
    });
    for publisher in publishers.collect::<Vec<_>>() {
        publisher.await.unwrap();
    }
    for publisher in 0..PUBLISHERS {
        let source = system.actor_by_id::<Source>(publisher.to_string());
        let count = i64::try_from(expected(publisher).count()).unwrap();
        assert_eq!(source.published().await.unwrap(), count, "what failed was rolled back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_see_the_order_of_the_log() {
    let system = TestSystem::with(|builder| builder.only::<(Source, Quick, Slow)>());
    let system = Arc::new(system.await.unwrap());
    let mut stream = system.subscribe("order.>").unwrap();
    publish_all(&system).await;
    system.settle().await;
    let quick = system.actor::<Quick>().numbers().await.unwrap().all;
    let slow = system.actor::<Slow>().numbers().await.unwrap().all;
    check("quick", &quick);
    assert_eq!(slow, quick, "there is one order");
    let events: Vec<_> = std::iter::from_fn(|| stream.try_next()).collect();
    assert!(events.is_sorted_by(|one, next| one.position() < next.position()));
    let streamed: Vec<_> = events.iter().map(|event| event.decode::<i64>().unwrap()).collect();
    assert_eq!(streamed, quick);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transient_events_of_a_publisher_come_in_order_on_each_channel() {
    let system = TestSystem::with(|builder| {
        builder.only::<(Source,)>().channel("order.>", ChannelOptions::transient())
    });
    let system = Arc::new(system.await.unwrap());
    let mut all = system.subscribe("order.>").unwrap();
    let mut even = system.subscribe("order.even").unwrap();
    publish_all(&system).await;
    let numbers = |stream: &mut spawn::EventStream| {
        let events = std::iter::from_fn(|| stream.try_next());
        events.map(|event| event.decode::<i64>().unwrap()).collect::<Vec<_>>()
    };
    let all = numbers(&mut all);
    check("all", &all);
    let of_all: Vec<_> = all.into_iter().filter(|number| number % 2 == 0).collect();
    assert_eq!(numbers(&mut even), of_all, "a channel has one order");
}
