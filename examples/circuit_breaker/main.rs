//! A breaker that follows what a monitor tells of the health of a partner: `cargo run --example circuit_breaker`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod gateway;
mod messages;
mod monitor;
mod provider;

use spawn::prelude::*;
use spawn::{Client, EventStream};

use self::gateway::PaymentGateway;
use self::messages::{BreakerChanged, Outcome, SystemAlert};
use self::provider::Provider;

async fn charge(gateway: &Client<PaymentGateway>, provider: &Provider) -> spawn::Result<()> {
    let before = provider.asked();
    let outcome = match gateway.charge(2_500).await? {
        Outcome::Charged(cents) => format!("charged {cents} cents"),
        Outcome::Refused(reason) => format!("refused: {reason}"),
    };
    let asked = if provider.asked() > before { "was asked" } else { "was left alone" };
    println!("  {outcome}; the provider {asked}");
    Ok(())
}

/// Waits for the next change of the breaker, and tells of it and of the alerts before it.
async fn watch(events: &mut EventStream) -> spawn::Result<()> {
    while let Some(event) = events.next().await {
        if event.is::<SystemAlert>() {
            let SystemAlert { level, message } = event.decode()?;
            println!("  alert, {level:?}: {message}");
        } else if event.is::<BreakerChanged>() {
            let BreakerChanged { before, after, because } = event.decode()?;
            println!("  the breaker was {before:?} and is {after:?}: {because}");
            return Ok(());
        }
    }
    Ok(())
}

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    let provider = Provider::default();
    let builder = System::builder("circuit_breaker").in_memory();
    let system = builder.resource(provider.clone()).start().await?;
    let gateway = system.actor::<PaymentGateway>();
    let mut changes = system.subscribe("system.*")?;

    println!("All is well.");
    system.subscribe("health.events")?.next().await;
    charge(&gateway, &provider).await?;

    println!("The provider goes down.");
    provider.is_up(false);
    watch(&mut changes).await?;
    charge(&gateway, &provider).await?;

    println!("It comes back, and charges nothing yet.");
    provider.charges(false);
    provider.is_up(true);
    watch(&mut changes).await?;
    charge(&gateway, &provider).await?;
    watch(&mut changes).await?;
    // The next check finds it up.
    watch(&mut changes).await?;

    println!("It charges.");
    provider.charges(true);
    charge(&gateway, &provider).await?;
    watch(&mut changes).await?;
    charge(&gateway, &provider).await?;
    system.shutdown().await
}
// ANCHOR_END: main
