//! The tests of `testing_broadcasts`, as anybody would write them for actors of their own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../testing_broadcasts/shop.rs"]
#[expect(unreachable_pub, reason = "a module of two programs")]
mod shop;

use std::time::Duration;

use spawn::ActionError;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;

use self::shop::{Mailer, OrderCreated, OrderData, OrderProcessor, PaymentDue};

// ANCHOR: start
/// A system with all actors of the program, in memory.
async fn start(mailer: &Mailer) -> TestSystem {
    TestSystem::with(|builder| builder.resource(mailer.clone())).await.unwrap()
}

fn data(cents: i64) -> OrderData {
    OrderData { user_id: "user_123".to_owned(), cents }
}
// ANCHOR_END: start

// ANCHOR: probe
#[tokio::test]
async fn an_order_is_announced() {
    let system = start(&Mailer::default()).await;
    let mut events = system.probe("order.*").unwrap();

    let order_id = system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();

    let event = events.expect_event().await;
    assert_eq!(event.channel().as_str(), "order.events");
    assert_eq!(event.publisher().unwrap().as_str(), "order_processor");
    let expected = OrderCreated { order_id, user_id: "user_123".to_owned(), cents: 100 };
    assert_eq!(event.decode::<OrderCreated>().unwrap(), expected);
    events.expect_none().await;
}
// ANCHOR_END: probe

// ANCHOR: failed
#[tokio::test]
async fn an_order_that_is_refused_is_not() {
    let system = start(&Mailer::default()).await;
    let mut events = system.probe("order.*").unwrap();

    let error = system.actor::<OrderProcessor>().create_order(data(0)).await.unwrap_err();

    assert_eq!(error.cause::<ActionError>().unwrap().code(), "no_amount");
    events.expect_none().await;
}
// ANCHOR_END: failed

// ANCHOR: settle
#[tokio::test]
async fn a_customer_gets_a_letter() {
    let mailer = Mailer::default();
    let system = start(&mailer).await;

    system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();
    // Until everybody has reacted: no guess of how long that takes.
    system.settle().await;

    assert_eq!(mailer.letters(), ["to user_123: ord-1"]);
}
// ANCHOR_END: settle

// ANCHOR: alone
#[tokio::test]
async fn the_letter_is_written_for_an_event_from_anywhere() {
    let mailer = Mailer::default();
    let system = start(&mailer).await;

    let event = OrderCreated { order_id: "ord-7".to_owned(), ..OrderCreated::default() };
    system.broadcast(spawn::Broadcast::to("order.events", event)).await.unwrap();
    system.settle().await;

    assert_eq!(mailer.letters(), ["to : ord-7"]);
}
// ANCHOR_END: alone

// ANCHOR: time
#[tokio::test(start_paused = true)]
async fn a_mailer_that_fails_is_tried_again() {
    let mailer = Mailer::failing(2);
    let system = start(&mailer).await;

    system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();
    system.settle().await;
    assert!(mailer.letters().is_empty());

    // Pauses of one and of two seconds, each a fifth longer at the most.
    system.advance(Duration::from_millis(1_200)).await;
    assert!(mailer.letters().is_empty());
    system.advance(Duration::from_millis(2_400)).await;
    assert_eq!(mailer.letters(), ["to user_123: ord-1"]);
    assert!(system.dead_letters().list().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_reminder_comes_after_a_day() {
    let system = start(&Mailer::default()).await;
    let mut reminders = system.probe("order.reminders").unwrap();

    system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();

    let hour = Duration::from_hours(1);
    system.advance(23 * hour).await;
    reminders.expect_none().await;
    system.advance(hour).await;
    let due: PaymentDue = reminders.expect().await;
    assert_eq!(due.order_id, "ord-1");
}
// ANCHOR_END: time

// ANCHOR: many
/// Any number of systems in one process; none hears of another, and the tests above run beside each other.
#[tokio::test]
async fn systems_do_not_disturb_each_other() {
    let mailers: Vec<_> = (0..100).map(|_| Mailer::default()).collect();
    let mut systems = Vec::new();
    for mailer in &mailers {
        systems.push(start(mailer).await);
    }
    for (number, system) in systems.iter().enumerate() {
        for _ in 0..number % 3 {
            system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();
        }
    }
    for (number, (system, mailer)) in systems.iter().zip(&mailers).enumerate() {
        system.settle().await;
        assert_eq!(mailer.letters().len(), number % 3);
    }
}
// ANCHOR_END: many

// ANCHOR: restart
#[tokio::test]
async fn orders_are_numbered_on_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    for expected in ["ord-1", "ord-2"] {
        let builder = spawn::System::builder("shop").store(Sqlite::at(directory.path()));
        let system = builder.resource(Mailer::default()).start().await.unwrap();
        let order_id = system.actor::<OrderProcessor>().create_order(data(100)).await.unwrap();
        assert_eq!(order_id, expected);
        system.shutdown().await.unwrap();
    }
}
// ANCHOR_END: restart
