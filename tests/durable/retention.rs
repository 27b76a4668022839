//! What leaves the log, and what does not.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Store;
use spawn::testing::TestSystem;
use spawn::{ChannelOptions, Position};

use crate::actors::{Added, Counter, Customer, Mirror, Runs, builder, faulty_in_place};
use crate::faulty::Faulty;

const SHORT: Duration = Duration::from_secs(20);

fn logged(store: &Faulty) -> usize {
    store.read_log(Position::from_number(0), 1_000).unwrap().len()
}

async fn publish(system: &System, amounts: impl IntoIterator<Item = i64>) {
    for amount in amounts {
        system.broadcast(Broadcast::to("durable.added", Added { amount })).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_everybody_has_had_goes_when_it_is_old_enough_and_positions_go_on() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let start = || {
        let builder = builder(&store, &runs).only::<(Counter, Mirror)>();
        builder.retention(SHORT).start()
    };
    let system = TestSystem::from(start().await.unwrap());
    publish(&system, 1..=5).await;
    system.settle().await;
    tokio::time::sleep(SHORT / 2).await;
    assert_eq!(logged(&store), 5, "not old enough");
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(logged(&store), 0);
    System::clone(&system).shutdown().await.unwrap();

    let system = TestSystem::from(start().await.unwrap());
    publish(&system, [6]).await;
    system.settle().await;
    let seen = system.actor::<Mirror>().seen().await.unwrap().amounts;
    assert_eq!(seen, [1, 2, 3, 4, 5, 6], "the cursor skips nothing");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_nobody_reads_holds_the_log_until_it_is_dropped() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    // The mirror was in the program once.
    let both = builder(&store, &runs).only::<(Counter, Mirror)>().start().await.unwrap();
    both.shutdown().await.unwrap();
    let system = builder(&store, &runs).only::<(Counter,)>().retention(SHORT).start();
    let system = TestSystem::from(system.await.unwrap());
    publish(&system, 1..=5).await;
    tokio::time::sleep(SHORT * 10).await;
    assert_eq!(logged(&store), 5);
    let subscriptions = system.subscriptions().await.unwrap();
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(subscriptions[0].subscriber, "durable_mirror");
    assert!(system.drop_subscription(subscriptions[0].id).await.unwrap());
    assert!(!system.drop_subscription(subscriptions[0].id).await.unwrap());
    tokio::time::sleep(SHORT).await;
    assert_eq!(logged(&store), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_fails_stays_until_it_is_given_up() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = builder(&store, &runs).only::<(Counter, Mirror)>().retention(Duration::ZERO);
    let system = TestSystem::from(system.start().await.unwrap());
    publish(&system, [1, -13, 2]).await;
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert!(logged(&store) >= 2, "it is tried again, and the next one waits");
    tokio::time::sleep(Duration::from_mins(3)).await;
    assert_eq!(logged(&store), 0, "it is a dead letter, and the announcement was nobody's");
}

fn amounts(store: &Faulty) -> Vec<i64> {
    let rows = store.read_log(Position::from_number(0), 1_000).unwrap();
    let added = rows.into_iter().filter(|row| row.event.channel.as_str() != "spawn.dead_letters");
    added
        .map(|row| {
            let payload = row.event.payload;
            Parcel::encoded(&payload.type_name, payload.bytes).decode::<Added>().unwrap().amount
        })
        .collect()
}

/// What the dead letters say was missed, and by whom.
async fn missed(system: &System) -> Vec<(String, u64, u64)> {
    let letters = system.dead_letters().list().await.unwrap();
    letters
        .iter()
        .map(|letter| {
            let (after, up_to) = letter.missed().unwrap();
            assert!(letter.event().is_none());
            (letter.subscriber().to_owned(), after.number(), up_to.number())
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_was_passive_for_too_long_is_told_what_it_has_missed() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let start = || {
        let builder = builder(&store, &runs).only::<(Counter, Customer)>().retention(SHORT);
        builder.start()
    };
    let system = TestSystem::from(start().await.unwrap());
    for name in ["ann", "bob"] {
        system.actor_by_id::<Customer>(name).visit().await.unwrap();
    }
    tokio::time::sleep(SHORT * 2).await;
    publish(&system, 1..=5).await;
    // Bob comes back in time.
    assert_eq!(system.actor_by_id::<Customer>("bob").visit().await.unwrap().amounts.len(), 5);
    tokio::time::sleep(SHORT * 3).await;
    assert_eq!(amounts(&store), [0_i64; 0]);
    publish(&system, [6]).await;
    for round in 0..2 {
        let ann = system.actor_by_id::<Customer>("ann").visit().await.unwrap();
        assert_eq!(ann.amounts, [6], "the rest is gone");
        let bob = system.actor_by_id::<Customer>("bob").visit().await.unwrap();
        assert_eq!(bob.amounts, [1, 2, 3, 4, 5, 6]);
        let said = missed(&system).await;
        assert_eq!(said, [("durable_customer/ann".to_owned(), 0, 5)], "round {round}: once");
        tokio::time::sleep(SHORT).await;
    }
    // The next program knows it too.
    let next = TestSystem::from(start().await.unwrap());
    next.actor_by_id::<Customer>("ann").visit().await.unwrap();
    assert_eq!(missed(&next).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_lapses_after_the_longest_lag_and_that_is_an_alarm() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    // The mirror was in the program once, and comes back.
    let both = || builder(&store, &runs).only::<(Counter, Mirror)>().start();
    both().await.unwrap().shutdown().await.unwrap();
    let alone = builder(&store, &runs).only::<(Counter,)>().retention(SHORT).max_lag(SHORT * 5);
    let alone = TestSystem::from(alone.start().await.unwrap());
    let mut alarms = alone.probe("spawn.dead_letters").unwrap();
    publish(&alone, 1..=3).await;
    tokio::time::sleep(SHORT * 3).await;
    publish(&alone, 4..=5).await;
    tokio::time::sleep(SHORT).await;
    assert_eq!(amounts(&store), [1, 2, 3, 4, 5], "not yet");
    tokio::time::sleep(SHORT + Duration::from_secs(11)).await;
    assert_eq!(amounts(&store), [4, 5]);
    let expected = [("durable_mirror".to_owned(), 0, 3)];
    assert_eq!(missed(&alone).await, expected);
    let alarm = alarms.expect::<String>().await;
    assert!(alarm.contains("durable_mirror has missed events of `durable.*`"), "{alarm}");
    let subscriptions = alone.subscriptions().await.unwrap();
    assert_eq!(subscriptions[0].lapsed.map(Position::number), Some(3));
    let letter = &alone.dead_letters().list().await.unwrap()[0];
    alone.dead_letters().replay(letter.id()).await.unwrap_err();
    assert!(alone.dead_letters().discard(letter.id()).await.unwrap());
    System::clone(&alone).shutdown().await.unwrap();

    let both = TestSystem::from(both().await.unwrap());
    both.settle().await;
    assert_eq!(both.actor::<Mirror>().seen().await.unwrap().amounts, [4, 5]);
    assert_eq!(missed(&both).await, []);
}

#[tokio::test(start_paused = true)]
async fn who_has_missed_much_is_told_once_and_little_of_it_is_in_memory() {
    let (store, faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    // The mirror was in the program once.
    let both = builder(&store, &runs).only::<(Counter, Mirror)>().start().await.unwrap();
    both.shutdown().await.unwrap();
    let alone = builder(&store, &runs).only::<(Counter,)>().retention(SHORT).max_lag(SHORT);
    let alone = TestSystem::from(alone.start().await.unwrap());
    publish(&alone, 1..=1_500).await;
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(missed(&alone).await, [("durable_mirror".to_owned(), 0, 1_500)]);
    assert!(amounts(&store).is_empty());
    let most = faults.most_read.load(Ordering::SeqCst);
    assert!((1..=512).contains(&most), "{most} at once");
}

#[tokio::test(start_paused = true)]
async fn a_channel_keeps_its_events_for_as_long_as_it_says() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let long = ChannelOptions::durable().retention(SHORT * 10);
    let system = builder(&store, &runs).only::<(Counter,)>().retention(SHORT);
    let system = TestSystem::from(system.channel("durable.kept", long).start().await.unwrap());
    for amount in 1..=6 {
        let channel = if amount % 2 == 0 { "durable.kept" } else { "durable.added" };
        system.broadcast(Broadcast::to(channel, Added { amount })).await.unwrap();
    }
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(amounts(&store), [2, 4, 6]);
    tokio::time::sleep(SHORT * 10).await;
    assert_eq!(amounts(&store), [0_i64; 0]);
}
