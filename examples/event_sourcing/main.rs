//! A state that is made of events, and can be made again: `cargo run --example event_sourcing`.
//!
//! Its data lies in a temporary directory. The second run of the system opens it again.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod aggregate;
mod audit;
mod events;

use std::path::Path;
use std::time::Duration;

use spawn::store::Sqlite;
use spawn::{ActorList, BoxError, ChannelOptions, System};
use spawn_examples::Journal;

use self::aggregate::{UpdateProfile, UserAggregate};
use self::audit::ProfileAudit;

// ANCHOR: start
/// Events that are the truth stay for good: the retention is as long as it takes.
const FOR_GOOD: Duration = Duration::from_hours(100 * 365 * 24);

async fn start<L: ActorList>(data: &Path, journal: &Journal) -> spawn::Result<System> {
    System::builder("event_sourcing")
        .store(Sqlite::at(data))
        .channel("user.>", ChannelOptions::durable().retention(FOR_GOOD))
        .resource(journal.clone())
        .only::<L>()
        .start()
        .await
}
// ANCHOR_END: start

fn update(name: Option<&str>, email: Option<&str>, city: Option<&str>) -> UpdateProfile {
    UpdateProfile {
        name: name.map(str::to_owned),
        email: email.map(str::to_owned),
        city: city.map(str::to_owned),
    }
}

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let (data, journal) = (tempfile::tempdir()?, Journal::default());

    let system = start::<(UserAggregate,)>(data.path(), &journal).await?;
    let mut published = system.subscribe("user.>")?;
    println!("Updates, and how many events each is:");
    let updates = [
        ("ann", update(Some("Ann"), Some("ann@example.org"), Some("Lisbon"))),
        ("bob", update(Some("Bob"), None, None)),
        ("ann", update(None, Some("ann@example.net"), None)),
        // Nothing that is new, and so no event.
        ("ann", update(Some("Ann"), None, Some("Lisbon"))),
        ("bob", update(None, Some("bob@nowhere@twice"), Some("Porto"))),
    ];
    for (user, update) in updates {
        match system.actor_by_id::<UserAggregate>(user).update_profile(update).await {
            Ok(events) => println!("  {user}: {events}"),
            Err(error) => println!("  {user}: {error:?}"),
        }
    }
    println!("The events:");
    while let Some(event) = published.try_next() {
        let by = event.publisher().map_or_else(String::new, ToString::to_string);
        println!("  {} by {by}", event.channel());
    }
    system.shutdown().await?;

    println!("Later, the system has an actor that is new, and reads from the start.");
    let system = start::<(UserAggregate, ProfileAudit)>(data.path(), &journal).await?;
    system.settled().await;
    for user in ["ann", "bob"] {
        let saved = system.actor_by_id::<UserAggregate>(user).profile().await?;
        let rebuilt = system.actor_by_id::<ProfileAudit>(user).profile().await?;
        let verdict = if saved == rebuilt { "the same" } else { "NOT THE SAME" };
        println!("  {user}: {} <{}>, {}", rebuilt.name, rebuilt.email, rebuilt.city);
        println!("  {user}: what was saved and what was rebuilt is {verdict}");
    }
    Ok(system.shutdown().await?)
}
// ANCHOR_END: main
