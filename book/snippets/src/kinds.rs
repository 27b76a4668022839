//! Kinds of actors.

use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;

// ANCHOR: named
#[message(name = "kinds.Exchange")]
pub struct Exchange {
    cents_per_euro: i64,
}

#[actor]
impl Exchange {
    #[action]
    fn set(&mut self, cents: i64) {
        self.cents_per_euro = cents;
    }

    #[action]
    fn rate(&self) -> i64 {
        self.cents_per_euro
    }
}

#[tokio::test]
async fn there_is_one() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Exchange,)>()).await?;
    system.actor::<Exchange>().set(117).await?;
    assert_eq!(system.actor::<Exchange>().rate().await?, 117);
    Ok(())
}
// ANCHOR_END: named

// ANCHOR: unnamed
#[message(name = "kinds.Account")]
pub struct Account {
    cents: i64,
}

#[actor(kind = unnamed, name = "kinds_account", deactivate_timeout = "1m")]
impl Account {
    #[action]
    fn deposit(&mut self, ctx: &Context, cents: i64) -> String {
        self.cents += cents;
        format!("{} has {}", ctx.id(), self.cents)
    }
}

#[tokio::test]
async fn there_is_one_for_each_id() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Account,)>()).await?;
    let ann = system.actor_by_id::<Account>("ann");
    ann.deposit(50).await?;
    assert_eq!(ann.deposit(20).await?, "kinds_account/ann has 70");
    let bob = system.actor_by_id::<Account>("bob");
    assert_eq!(bob.deposit(5).await?, "kinds_account/bob has 5");
    Ok(())
}
// ANCHOR_END: unnamed

// ANCHOR: pooled
/// What each member of the pool has for itself.
#[derive(Default)]
pub struct Printer {
    pages: u64,
}

#[actor(kind = pooled, stateful = false, name = "kinds_printer", max_pool_size = 4)]
impl Printer {
    #[action]
    async fn print(&mut self, seconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.pages += 1;
        self.pages
    }
}

#[tokio::test(start_paused = true)]
async fn four_pages_are_printed_at_once() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Printer,)>()).await?;
    let printer = system.actor::<Printer>();
    let began = tokio::time::Instant::now();
    let pages =
        tokio::try_join!(printer.print(1), printer.print(1), printer.print(1), printer.print(1))?;
    assert_eq!(pages, (1, 1, 1, 1));
    assert_eq!(began.elapsed().as_secs(), 1);
    Ok(())
}
// ANCHOR_END: pooled

// ANCHOR: task
#[derive(Default)]
pub struct Import {
    lines: u64,
}

#[actor(kind = task, stateful = false, name = "kinds_import")]
impl Import {
    #[action]
    async fn run(&mut self, text: String) -> u64 {
        for _line in text.lines() {
            self.lines += 1;
            tokio::task::yield_now().await;
        }
        self.lines
    }
}

#[tokio::test]
async fn each_message_has_an_actor_of_its_own() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Import,)>()).await?;
    let import = system.actor::<Import>();
    assert_eq!(import.run("a\nb".to_owned()).await?, 2);
    assert_eq!(import.run("c".to_owned()).await?, 1);
    Ok(())
}
// ANCHOR_END: task

// ANCHOR: init
#[derive(Default)]
pub struct Rates {
    from: String,
    cents_per_kilo: Option<i64>,
}

#[actor(stateful = false, name = "kinds_rates")]
impl Rates {
    /// Runs at each activation, before the first message.
    #[init]
    async fn load(&mut self) -> Result<(), std::num::ParseIntError> {
        self.cents_per_kilo = Some(self.from.parse()?);
        Ok(())
    }

    #[action]
    fn price(&self, kilos: i64) -> Option<i64> {
        Some(self.cents_per_kilo? * kilos)
    }
}

#[tokio::test]
async fn rates_are_loaded_before_the_first_call() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| {
        builder
            .only::<(Rates,)>()
            .provide(|_id| Rates { from: "250".to_owned(), cents_per_kilo: None })
    })
    .await?;
    assert_eq!(system.actor::<Rates>().price(2).await?, Some(500));
    Ok(())
}
// ANCHOR_END: init

// ANCHOR: tags
#[message(name = "kinds.Ticket")]
pub struct Ticket {
    title: String,
}

#[actor(kind = unnamed, name = "kinds_ticket", tags = { status = "open" })]
impl Ticket {
    #[action]
    fn create(&mut self, title: String) {
        self.title = title;
    }

    #[action]
    fn close(&mut self) -> Value<()> {
        Value::of().tags([("status", "closed")])
    }
}

#[tokio::test]
async fn tickets_are_found_by_their_tags() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Ticket,)>()).await?;
    for id in ["t-1", "t-2"] {
        system.actor_by_id::<Ticket>(id).create("a question".to_owned()).await?;
    }
    system.actor_by_id::<Ticket>("t-1").close().await?;
    let open = system.find().of::<Ticket>().tag("status", "open").await?;
    assert_eq!(open[0].instance(), Some("t-2"));
    assert_eq!(open.len(), 1);
    Ok(())
}
// ANCHOR_END: tags
