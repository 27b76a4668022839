//! A clock that jumps back and forth by an hour, while a system runs and between two runs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Connection;
use spawn::prelude::*;
use spawn::testing::set_calendar;
use spawn_tests::eventually;

use crate::actors::{Boss, Ledger, Mirror, Pulse, Switch, Worker};
use crate::{builder, copy_as_killed, totals};

const HOUR: Duration = Duration::from_hours(1);

/// A run that begins at this time. The one before it may not have let go of the data yet.
async fn start(directory: &Path, calendar: SystemTime, switch: &Arc<Switch>) -> System {
    set_calendar(calendar);
    let start = async || {
        let builder = builder(directory).only::<(Boss, Worker, Pulse)>();
        let builder = builder.retention(HOUR / 2).resource(Arc::clone(switch));
        builder.start().await.ok()
    };
    eventually(start, Option::is_some).await.unwrap()
}

async fn done(system: &System) -> u64 {
    system.actor::<Worker>().done().await.unwrap()
}

/// A moment, in which something happens that should not.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn a_clock_that_jumps_moves_nothing_of_a_system_that_runs() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::<Switch>::default();
    switch.repair();
    let now = SystemTime::now();
    let system = start(directory.path(), now, &switch).await;
    for (number, calendar) in (1..).zip([now - HOUR, now + HOUR]) {
        set_calendar(calendar);
        let began = Instant::now();
        system.actor::<Worker>().work().delay(Duration::from_millis(200)).await.unwrap();
        system.actor::<Worker>().work().delay(HOUR / 2).await.unwrap();
        eventually(async || done(&system).await, |done| *done == number).await;
        assert!(began.elapsed() >= Duration::from_millis(150), "not before it is due");
        let beats = system.actor::<Pulse>().beats().await.unwrap();
        let beating = async || system.actor::<Pulse>().beats().await.unwrap();
        eventually(beating, |found| *found > beats + 3).await;
    }
    pause().await;
    assert_eq!(done(&system).await, 2, "what is due in half an hour waits");
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_call_for_later_is_made_when_the_calendar_says_so_and_once() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::<Switch>::default();
    switch.repair();
    let now = SystemTime::now();
    let system = start(directory.path(), now, &switch).await;
    system.actor::<Worker>().work().scheduled_to(now + HOUR / 2).await.unwrap();
    system.shutdown().await.unwrap();
    for (calendar, expected) in [(now - HOUR, 0), (now, 0), (now + HOUR, 1), (now - HOUR, 1)] {
        let system = start(directory.path(), calendar, &switch).await;
        if expected > 0 {
            eventually(async || done(&system).await, |done| *done >= expected).await;
        }
        pause().await;
        assert_eq!(done(&system).await, expected);
        system.shutdown().await.unwrap();
    }
}

/// An effect that is begun and not done, and one that has failed and comes again; then the process is killed.
#[tokio::test]
async fn an_effect_does_not_wait_for_a_clock_that_went_back() {
    let now = SystemTime::now();
    for (action, attempts) in [("work_slowly", 1), ("work", 2)] {
        let (living, dead) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let switch = Arc::<Switch>::default();
        let system = start(living.path(), now, &switch).await;
        system.actor::<Boss>().order(action.to_owned()).await.unwrap();
        eventually(async || switch.runs(), |runs| *runs >= attempts).await;
        copy_as_killed(living.path(), dead.path());
        drop(system);

        let switch = Arc::<Switch>::default();
        switch.repair();
        let system = start(dead.path(), now - HOUR, &switch).await;
        eventually(async || done(&system).await, |done| *done >= 1).await;
        pause().await;
        assert_eq!(done(&system).await, 1, "once");
        system.shutdown().await.unwrap();
    }
}

#[tokio::test]
async fn a_repeated_call_has_its_first_answer_whatever_the_clock_says() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::<Switch>::default();
    switch.repair();
    let now = SystemTime::now();
    for calendar in [now, now - HOUR, now + HOUR, now] {
        let system = start(directory.path(), calendar, &switch).await;
        let call = system.actor::<Worker>().work().idempotency_key("one");
        assert_eq!(call.await.unwrap(), 1);
        system.shutdown().await.unwrap();
    }
    assert_eq!(switch.runs(), 1);
    // Kept for a day.
    let system = start(directory.path(), now + 25 * HOUR, &switch).await;
    assert_eq!(system.actor::<Worker>().work().idempotency_key("one").await.unwrap(), 2);
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn events_are_in_the_order_of_their_commits_and_stay_until_everybody_had_them() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::<Switch>::default();
    let now = SystemTime::now();
    let logged = || {
        let log = Connection::open(directory.path().join("spawn.db")).unwrap();
        let sql = "SELECT count(*) FROM log WHERE channel = 'faults.added'";
        log.query_row(sql, (), |row| row.get::<_, u32>(0)).unwrap()
    };
    for (expected, calendar) in (1..).zip([now, now - HOUR, now]) {
        let system = start(directory.path(), calendar, &switch).await;
        assert_eq!(system.actor::<Ledger>().add(0).await.unwrap(), expected);
        assert_eq!(totals(&system).await, (expected, expected));
        assert_eq!(system.actor::<Mirror>().wrong().await.unwrap(), 0);
        system.shutdown().await.unwrap();
    }
    assert_eq!(logged(), 3);
    // The event of the second run is older than the retention, but one of the first run, which is not, is before it in the log.
    let system = start(directory.path(), now, &switch).await;
    pause().await;
    assert_eq!(logged(), 3);
    system.shutdown().await.unwrap();
    let system = start(directory.path(), now + HOUR, &switch).await;
    eventually(async || logged(), |logged| *logged == 0).await;
    assert_eq!(system.actor::<Ledger>().add(0).await.unwrap(), 4);
    assert_eq!(totals(&system).await, (4, 4));
    system.shutdown().await.unwrap();
}
