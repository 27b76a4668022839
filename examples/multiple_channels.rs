//! One action publishes to several channels, all or nothing: `cargo run --example multiple_channels`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::collections::BTreeMap;
use std::time::SystemTime;

use spawn::prelude::*;
use spawn_examples::Journal;

#[message(name = "multiple_channels.NewUser")]
struct NewUser {
    email: String,
    source: String,
    /// Where its own news goes; of the user's choice, so that it may be nonsense.
    news_channel: String,
}

#[message(name = "multiple_channels.User")]
struct User {
    id: String,
    email: String,
}

// ANCHOR: events
/// For whoever deals with users.
#[message(name = "multiple_channels.UserCreated")]
struct UserCreated {
    user_id: String,
    email: String,
    created_at: SystemTime,
}

/// For statistics: where users come from, and not who they are.
#[message(name = "multiple_channels.UserSignup")]
struct UserSignup {
    source: String,
}

/// For the record.
#[message(name = "multiple_channels.AuditLog")]
struct AuditLog {
    action: String,
    user_id: String,
}
// ANCHOR_END: events

// ANCHOR: publisher
#[message(name = "multiple_channels.UserManager")]
struct UserManager {
    users: BTreeMap<String, User>,
}

#[actor(name = "user_manager")]
impl UserManager {
    #[action]
    fn create_user(&mut self, data: NewUser) -> Result<Value<User>, ActionError> {
        if self.users.contains_key(&data.email) {
            let message = format!("{} has an account", data.email);
            return Err(ActionError::new("email_taken", message).fatal());
        }
        let id = format!("user-{}", self.users.len() + 1);
        let user = User { id: id.clone(), email: data.email.clone() };
        self.users.insert(data.email.clone(), user.clone());

        let created_at = SystemTime::now();
        let created = UserCreated { user_id: id.clone(), email: data.email, created_at };
        let signup = UserSignup { source: data.source };
        let audit = AuditLog { action: "user_created".to_owned(), user_id: id.clone() };
        let mut broadcast = Broadcast::to("user.events", created)
            .and("analytics.events", signup)
            .and("audit.events", audit);
        if !data.news_channel.is_empty() {
            // A name that is made at run time is checked when the action has returned.
            broadcast = broadcast.and(data.news_channel, id);
        }
        Ok(Value::from(user).broadcast(broadcast))
    }

    #[action]
    fn count(&self) -> u64 {
        self.users.len() as u64
    }
}
// ANCHOR_END: publisher

// ANCHOR: subscribers
#[derive(Default)]
struct Welcomer;

#[actor(name = "welcomer", stateful = false, channels = [("user.events", welcome)])]
impl Welcomer {
    #[action]
    fn welcome(&self, journal: &Journal, event: UserCreated) {
        journal.note("welcomer", format!("a letter to {}", event.email));
    }
}

#[message(name = "multiple_channels.Analytics")]
struct Analytics {
    signups: BTreeMap<String, i64>,
}

#[actor(name = "analytics", channels = [("analytics.events", count)])]
impl Analytics {
    #[action]
    fn count(&mut self, journal: &Journal, event: UserSignup) {
        let signups = self.signups.entry(event.source.clone()).or_default();
        *signups += 1;
        journal.note("analytics", format!("{} from {}", signups, event.source));
    }
}

#[message(name = "multiple_channels.Auditor")]
struct Auditor {
    entries: i64,
}

#[actor(name = "auditor", channels = [("audit.events", log)])]
impl Auditor {
    #[action]
    fn log(&mut self, journal: &Journal, event: AuditLog) {
        self.entries += 1;
        let line = format!("entry {}: {} {}", self.entries, event.action, event.user_id);
        journal.note("auditor", line);
    }
}
// ANCHOR_END: subscribers

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    let journal = Journal::default();
    let builder = System::builder("multiple_channels").in_memory();
    let system = builder.resource(journal.clone()).start().await?;
    let users = system.actor::<UserManager>();
    let mut all = system.subscribe(">")?;
    let new = |email: &str, source: &str, news: &str| NewUser {
        email: email.to_owned(),
        source: source.to_owned(),
        news_channel: news.to_owned(),
    };

    println!("Two users.");
    users.create_user(new("ann@example.org", "search", "")).await?;
    users.create_user(new("bob@example.org", "search", "news.bob")).await?;
    system.settled().await;
    journal.print();

    println!("An address that is taken, and a channel that cannot be.");
    for refused in
        [new("ann@example.org", "friend", ""), new("eve@example.org", "friend", "my news")]
    {
        if let Err(error) = users.create_user(refused).await {
            println!("  {:?}: {error:?}", error.kind());
        }
    }
    system.settled().await;
    journal.print();
    println!("{} users.", users.count().await?);

    println!("What was published, in this order:");
    while let Some(event) = all.try_next() {
        println!("  {} on {}", event.type_name(), event.channel());
    }
    system.shutdown().await
}
// ANCHOR_END: main
