//! Channels by domain, and one logger for all of them: `cargo run --example channel_patterns`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use spawn::prelude::*;
use spawn::{ChannelOptions, Pattern};
use spawn_examples::Journal;

// ANCHOR: channels
/// What there is to hear of, by domain. A constant that is not well formed does not compile.
const CHANNELS: [Channel; 10] = [
    Channel::new("user.events"),
    Channel::new("user.created"),
    Channel::new("user.profile.updated"),
    Channel::new("order.events"),
    Channel::new("order.status"),
    Channel::new("order.payment.refunded"),
    Channel::new("system.alerts"),
    Channel::new("system.metrics"),
    Channel::new("security.breach"),
    Channel::new("security.login"),
];

const PATTERNS: [&str; 5] = ["user.events", "user.*", "order.>", "*.events", ">"];
// ANCHOR_END: channels

// ANCHOR: table
/// Which pattern stands for which channel.
fn table() -> spawn::Result<()> {
    let row = |name: &str, cells: [&str; 5]| {
        let cells = cells.map(|cell| format!("{cell:<13}")).concat();
        println!("{name:<24}{}", cells.trim_end());
    };
    row("", PATTERNS);
    for channel in &CHANNELS {
        let mut cells = ["."; 5];
        for (cell, pattern) in cells.iter_mut().zip(PATTERNS) {
            if Pattern::parse(pattern)?.matches(channel) {
                *cell = "yes";
            }
        }
        row(channel.as_str(), cells);
    }
    Ok(())
}
// ANCHOR_END: table

#[message(name = "channel_patterns.Happened")]
struct Happened {
    what: String,
}

// ANCHOR: logger
/// Hears of whole domains. It is subscribed from the start of the system on, though nobody calls it.
#[derive(Default)]
struct AuditLogger;

#[actor(
    name = "audit_logger",
    stateful = false,
    channels = [
        // One token: `user.created`, but not `user.profile.updated`.
        ("user.*", log_user_event),
        // One or more.
        ("order.>", log_order_event),
        // A plain name is that channel and no other.
        ("security.breach", log_security_event),
    ],
)]
impl AuditLogger {
    /// Looks at an event of any type, undecoded.
    #[action]
    fn log_user_event(&self, journal: &Journal, event: &Event) {
        journal.note("audit_logger", format!("USER {} {}", event.channel(), event.type_name()));
    }

    #[action]
    fn log_order_event(&self, journal: &Journal, event: &Event) {
        journal.note("audit_logger", format!("ORDER {} {}", event.channel(), event.type_name()));
    }

    /// A breach is logged, and everybody who has to know is told.
    #[action]
    fn log_security_event(&self, journal: &Journal, event: Happened) -> Value<()> {
        journal.note("audit_logger", format!("SECURITY {}", event.what));
        let alert = Happened { what: format!("breach: {}", event.what) };
        Value::of().broadcast(Broadcast::to("system.alerts", alert))
    }
}
// ANCHOR_END: logger

#[derive(Default)]
struct Pager;

#[actor(name = "pager", stateful = false, channels = [("system.alerts", page)])]
impl Pager {
    #[action]
    fn page(&self, journal: &Journal, event: Happened) {
        journal.note("pager", event.what);
    }
}

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    table()?;

    let journal = Journal::default();
    let system = System::builder("channel_patterns")
        .in_memory()
        // Options go by patterns too: figures that are gone with a crash cost no disk.
        .channel("system.metrics", ChannelOptions::transient())
        .resource(journal.clone())
        .start()
        .await?;
    println!("Something happens on each of them.");
    for channel in &CHANNELS {
        let event = Happened { what: format!("something on {channel}") };
        system.broadcast(Broadcast::to(channel, event)).await?;
    }
    system.settled().await;
    journal.print();

    println!("What is not well formed is an error:");
    for pattern in ["user..events", "user.>.created", "user.*x", ""] {
        if let Err(error) = Pattern::parse(pattern) {
            println!("  {error}");
        }
    }
    system.shutdown().await
}
// ANCHOR_END: main
