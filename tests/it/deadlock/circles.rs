//! What is a circle.

use std::collections::BTreeSet;

use spawn::testing::TestSystem;
use spawn::{Error, ErrorKind};
use tokio::time::Instant;

use super::{chain, node, start};

#[tokio::test(start_paused = true)]
async fn an_actor_that_waits_for_itself_is_told_at_once() {
    let (system, _) = start(1).await;
    let began = Instant::now();
    for (first, words, expected) in [
        ("a", "a", "a a"),
        ("a", "b a", "a b a"),
        ("a", ", b , a", "a b a"),
        ("a", "b b", "b b"),
        ("a", "b c d a", "a b c d a"),
        ("a", "b , c d , b", "b c d b"),
        ("a", ", , b , , c , , a", "a b c a"),
    ] {
        let error = node(&system, first).go(words.to_owned()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Action, "{words}");
        let circle = chain(&error).unwrap();
        assert!(is_turned(&circle, expected), "{words}: {circle}, not {expected}");
    }
    assert_eq!(began.elapsed().as_millis(), 0, "nobody waited for a timeout");
    system.settle().await;
}

/// Whether the two are the same circle, wherever they begin.
fn is_turned(circle: &str, expected: &str) -> bool {
    let open = |circle: &str| {
        let (open, last) = circle.rsplit_once(' ').unwrap();
        assert!(open.starts_with(last), "it ends where it began: {circle}");
        open.to_owned()
    };
    let (circle, expected) = (open(circle), open(expected));
    circle.len() == expected.len() && format!("{expected} {expected}").contains(&circle)
}

#[tokio::test(start_paused = true)]
async fn the_error_says_who_waits_for_whom() {
    let (system, _) = start(1).await;
    let error = node(&system, "a").go("b a".to_owned()).await.unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "`go` of n/a: failed\n  \
         caused by: `go` of n/b: failed\n  \
         caused by: `go` of n/a: the call would wait for itself: n/b -> n/a -> n/b"
    );
    let root: &Error = error.cause::<Error>().unwrap().cause::<Error>().unwrap();
    assert_eq!((root.kind(), root.is_retryable()), (ErrorKind::Deadlock, false));
    assert_eq!(root.actor().unwrap().as_str(), "n/a");
}

#[tokio::test(start_paused = true)]
async fn calls_by_name_are_calls() {
    let (system, _) = start(1).await;
    let error = node(&system, "a").go_by_name("b".to_owned()).await.unwrap_err();
    assert_eq!(chain(&error).unwrap(), "b a b");
}

#[tokio::test(start_paused = true)]
async fn one_of_several_calls_at_once_is_enough() {
    let (system, _) = start(1).await;
    let error = node(&system, "both").both().await.unwrap_err();
    assert_eq!(chain(&error).unwrap(), "right both right");
}

#[tokio::test(start_paused = true)]
async fn a_task_of_an_action_that_goes_on_calls_for_the_action() {
    let (system, _) = start(1).await;
    let error = node(&system, "a").through_a_task().await.unwrap_err();
    assert_eq!(chain(&error).unwrap(), "b a b");
}

#[tokio::test(start_paused = true)]
async fn an_actor_does_not_wait_for_room_in_its_own_mailbox() {
    let (system, _) = start(1).await;
    let began = Instant::now();
    let error = node(&system, "a").fill().await.unwrap();
    assert_eq!(error, "`go` of n/a: the call would wait for itself: n/a -> n/a");
    assert_eq!(began.elapsed().as_millis(), 0);
}

/// Each of so many actors is called from outside, and asks the next one when all have begun.
async fn cross(system: &TestSystem, actors: usize) {
    let began = Instant::now();
    let calls: Vec<_> = (0..actors)
        .map(|n| {
            let words = format!("! {}", (n + 1) % actors);
            tokio::spawn(node(system, &n.to_string()).go(words))
        })
        .collect();
    let mut errors = Vec::new();
    for call in calls {
        errors.extend(call.await.unwrap().err());
    }
    // The action of the one that was told ends, and so all others are answered, if with its error.
    assert!(!errors.is_empty());
    let circles: BTreeSet<_> = errors.iter().map(|error| chain(error).unwrap()).collect();
    assert_eq!(circles.len(), 1, "one of them closes the circle: {circles:?}");
    let numbers: Vec<_> = (0..=actors).map(|n| (n % actors).to_string()).collect();
    let circle = circles.first().unwrap();
    assert!(is_turned(circle, &numbers.join(" ")), "{circle}");
    assert!(began.elapsed().as_secs() < 5, "nobody waited for a timeout");
}

#[tokio::test(start_paused = true)]
async fn chains_that_cross_are_a_circle() {
    for actors in [2, 3, 5, 9] {
        let (system, _) = start(actors).await;
        for _ in 0..20 {
            let began = Instant::now();
            cross(&system, actors).await;
            assert_eq!(began.elapsed().as_millis(), 0, "nobody waited for a timeout");
        }
        system.settle().await;
    }
}

/// Here the last two edges of a circle are published by two threads at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn chains_that_cross_at_the_same_moment_are_a_circle() {
    for actors in [2, 3, 4] {
        let (system, _) = start(actors).await;
        for _ in 0..300 {
            cross(&system, actors).await;
        }
        system.settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn chains_that_cross_deeper_are_a_circle() {
    let (system, _) = start(2).await;
    let began = Instant::now();
    // a -> b -> c, which asks d; d -> e -> f, which asks a.
    let left = tokio::spawn(node(&system, "a").go("b c ! d".to_owned()));
    let right = tokio::spawn(node(&system, "d").go("e f ! a".to_owned()));
    let answers = [left.await.unwrap(), right.await.unwrap()];
    let circles: Vec<_> = answers.iter().filter_map(|it| chain(it.as_ref().err()?)).collect();
    assert_eq!(circles.len(), 1);
    assert!(is_turned(&circles[0], "a b c d e f a"), "{circles:?}");
    assert_eq!(answers.iter().flatten().count(), 1, "the other one is answered");
    assert_eq!(began.elapsed().as_millis(), 0);
}
