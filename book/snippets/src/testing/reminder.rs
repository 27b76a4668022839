//! Time.

// ANCHOR: reminder
use spawn::prelude::*;

#[message(name = "guide.Reminder")]
pub struct Reminder {
    sent: i64,
}

#[actor(name = "guide_reminder")]
impl Reminder {
    #[action]
    fn remind(&mut self) {
        self.sent += 1;
    }

    #[action]
    fn sent(&self) -> i64 {
        self.sent
    }
}

#[tokio::test(start_paused = true)]
async fn a_reminder_comes_after_an_hour() -> spawn::Result<()> {
    use spawn::testing::TestSystem;
    use std::time::Duration;

    let system = TestSystem::with(|builder| builder.only::<(Reminder,)>()).await?;
    let reminder = system.actor::<Reminder>();
    reminder.remind().delay(Duration::from_hours(1)).await?;

    system.advance(Duration::from_secs(3_599)).await;
    assert_eq!(reminder.sent().await?, 0);
    system.advance(Duration::from_secs(2)).await;
    assert_eq!(reminder.sent().await?, 1);
    Ok(())
}
// ANCHOR_END: reminder
