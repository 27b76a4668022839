//! What is changed while the system is stopped.

use std::sync::atomic::Ordering;
use std::time::Duration;

use spawn::System;

use crate::kit::{cli, filled, start, start_with};

async fn until_letters(system: &System, count: usize) {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let letters = system.dead_letters().list().await.unwrap();
        if letters.len() == count {
            return;
        }
        assert!(tokio::time::Instant::now() < end, "{letters:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_next_start_replays_what_it_was_asked_to() {
    let data = filled().await;
    let all = cli(data.path(), &["dead-letters", "--json"]).json();
    let of = |subscriber: &str| {
        let letter = all.as_array().unwrap().iter().find(|it| it["subscriber"] == subscriber);
        letter.unwrap()["id"].as_u64().unwrap().to_string()
    };
    let (ledger, partner) = (of("ledger"), of("external:partner"));
    for id in [&ledger, &partner] {
        let said = cli(data.path(), &["replay", id]);
        let wanted = format!("the next start of the system replays the dead letter {id}\n");
        assert_eq!((said.status, said.out.as_str()), (0, wanted.as_str()), "{said:?}");
    }
    let again = cli(data.path(), &["replay", &ledger]);
    assert!(again.status == 0 && again.out.contains("asked for before"), "{again:?}");
    let listed = cli(data.path(), &["dead-letters"]);
    assert_eq!(listed.out.matches("is replayed at the next start").count(), 2, "{listed:?}");

    let (system, hands) = start_with(data.path(), |it| it, true).await;
    until_letters(&system, 2).await;
    assert_eq!(hands.booked.load(Ordering::SeqCst), 500 + 7, "each once, and no other");
    assert_eq!(hands.attempts.load(Ordering::SeqCst), 2, "its second attempt");
    system.shutdown().await.unwrap();

    // Once is enough.
    let (system, hands) = start_with(data.path(), |it| it, true).await;
    system.settled().await;
    assert_eq!(hands.booked.load(Ordering::SeqCst), 0);
    system.shutdown().await.unwrap();
    let listed = cli(data.path(), &["dead-letters"]);
    assert!(!listed.out.contains("next start"), "{listed:?}");
    assert_eq!(cli(data.path(), &["check"]).status, 0);
}

#[tokio::test]
async fn what_fails_again_stays_and_is_not_tried_at_every_start() {
    let data = filled().await;
    assert_eq!(cli(data.path(), &["replay", "1"]).status, 0);
    let (system, _hands) = start(data.path()).await;
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while cli(data.path(), &["dead-letters"]).out.contains("next start") {
        assert!(tokio::time::Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 4);
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_dead_letter_is_discarded() {
    let data = filled().await;
    let said = cli(data.path(), &["discard", "2", "--json"]);
    assert_eq!(said.json(), serde_json::json!({ "discarded": 2 }));
    assert_eq!(cli(data.path(), &["dead-letters", "--json"]).json().as_array().unwrap().len(), 3);
    let again = cli(data.path(), &["discard", "2"]);
    assert_eq!((again.status, again.err.as_str()), (1, "spawn-cli: there is no dead letter 2\n"));
    let none = cli(data.path(), &["replay", "2"]);
    assert_eq!((none.status, none.err.as_str()), (1, "spawn-cli: there is no dead letter 2\n"));
    // The next start knows nothing of it, and goes on where it was.
    let (system, _hands) = start(data.path()).await;
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 3);
    system.shutdown().await.unwrap();
    assert_eq!(cli(data.path(), &["check"]).status, 0);
}
