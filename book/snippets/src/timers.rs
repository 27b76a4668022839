//! By the clock: timers, delayed and scheduled calls.

use std::time::{Duration, SystemTime};

use spawn::prelude::*;
use spawn::testing::TestSystem;

// ANCHOR: timer
#[message(name = "timers.Heart")]
pub struct Heart {
    beats: u64,
}

#[actor(name = "timers_heart")]
impl Heart {
    #[action(timer = "30s")]
    fn beat(&mut self) {
        self.beats += 1;
    }

    #[action]
    fn beats(&self) -> u64 {
        self.beats
    }
}

#[tokio::test(start_paused = true)]
async fn it_beats_twice_a_minute() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Heart,)>()).await?;
    for _ in 0..61 {
        system.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(system.actor::<Heart>().beats().await?, 2);
    Ok(())
}
// ANCHOR_END: timer

// ANCHOR: later
#[message(name = "timers.Reminders")]
pub struct Reminders {
    sent: Vec<String>,
}

#[actor(name = "timers_reminders")]
impl Reminders {
    #[action]
    fn remind(&mut self, text: String) {
        self.sent.push(text);
    }

    #[action]
    fn sent(&self) -> u64 {
        self.sent.len() as u64
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_can_wait() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Reminders,)>()).await?;
    let reminders = system.actor::<Reminders>();
    let hour = Duration::from_hours(1);

    reminders.remind("in an hour".to_owned()).delay(hour).await?;
    reminders.remind("at a time".to_owned()).scheduled_to(SystemTime::now() + 2 * hour).await?;
    let third = reminders.remind("not at all".to_owned()).delay(hour).await?;
    assert!(system.cancel(third).await?);

    assert_eq!(reminders.sent().await?, 0);
    system.advance(hour + Duration::from_secs(1)).await;
    assert_eq!(reminders.sent().await?, 1);
    system.advance(hour).await;
    assert_eq!(reminders.sent().await?, 2);
    Ok(())
}
// ANCHOR_END: later

// ANCHOR: effect
#[message(name = "timers.Invoices")]
pub struct Invoices {
    sent: i64,
}

#[actor(name = "timers_invoices")]
impl Invoices {
    /// The reminder is a part of the commit: there is one if and only if there is an invoice.
    #[action]
    fn send(&mut self, customer: String) -> Value<i64> {
        self.sent += 1;
        let reminder = SideEffect::to("timers_reminders", "remind", customer);
        Value::from(self.sent).effect(reminder.delay(Duration::from_hours(14 * 24)))
    }
}

#[tokio::test(start_paused = true)]
async fn an_invoice_is_followed_by_a_reminder() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Invoices, Reminders)>()).await?;
    system.actor::<Invoices>().send("ann".to_owned()).await?;
    system.advance(Duration::from_hours(15 * 24)).await;
    assert_eq!(system.actor::<Reminders>().sent().await?, 1);
    Ok(())
}
// ANCHOR_END: effect
