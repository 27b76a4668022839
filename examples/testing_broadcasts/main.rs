//! What tests of actors look like from inside: `cargo run --example testing_broadcasts`.
//!
//! The tests themselves are in `tests/testing_broadcasts`: `cargo test -p spawn-examples --test testing_broadcasts`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
#![expect(unreachable_pub, reason = "the modules of a program")]

mod shop;

use std::time::Duration;

use spawn::BoxError;
use spawn::testing::TestSystem;

use self::shop::{Mailer, OrderCreated, OrderData, OrderProcessor, PaymentDue};

async fn start(mailer: &Mailer) -> spawn::Result<TestSystem> {
    TestSystem::with(|builder| builder.resource(mailer.clone())).await
}

fn data(user_id: &str) -> OrderData {
    OrderData { user_id: user_id.to_owned(), cents: 100 }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    println!("Two systems in one process, with the same actors.");
    let mailers = [Mailer::default(), Mailer::failing(1)];
    let (first, second) = (start(&mailers[0]).await?, start(&mailers[1]).await?);
    let mut probe = first.probe("order.*")?;
    first.actor::<OrderProcessor>().create_order(data("ann")).await?;
    second.actor::<OrderProcessor>().create_order(data("bob")).await?;
    let event: OrderCreated = probe.expect().await;
    println!("  the probe of the first saw the order of {}", event.user_id);
    probe.expect_none().await;

    println!("Settled, the letters of each are:");
    first.settle().await;
    println!("  {:?}", mailers[0].letters());
    second.settle().await;
    println!("  {:?}: its mailer failed, and waits for its second attempt", mailers[1].letters());

    println!("With paused time, a day is over at once:");
    let mut reminders = first.probe("order.reminders")?;
    tokio::time::pause();
    first.advance(Duration::from_hours(24)).await;
    let due: PaymentDue = reminders.expect().await;
    println!("  {} is to be paid", due.order_id);
    second.settle().await;
    println!("  {:?}", mailers[1].letters());

    println!("What a test says that expects another event than the one that came:");
    // ANCHOR: wrong
    let test = tokio::spawn(async move {
        let mut probe = first.probe("order.>")?;
        first.actor::<OrderProcessor>().create_order(data("eve")).await?;
        let _due: PaymentDue = probe.expect().await;
        Ok::<_, spawn::Error>(())
    });
    // ANCHOR_END: wrong
    // The message is printed below, and not by whoever panics.
    std::panic::set_hook(Box::new(|_| {}));
    if let Err(error) = test.await {
        let said = error.into_panic().downcast::<String>().map_or_else(|_| String::new(), |it| *it);
        for line in said.lines() {
            println!("  {line}");
        }
    }
    Ok(())
}
