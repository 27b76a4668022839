//! A library that is never named is not linked, and its actors are not there.

use spawn::ErrorKind;
use spawn::prelude::*;

#[tokio::test]
async fn a_program_without_actors_is_told_what_to_do() {
    let error = System::builder("empty").start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Definition);
    assert_eq!(
        error.to_string(),
        "the system `empty` cannot start: the program has no actor; if they are in a library that is never named, it is not \
         linked: write `use my_actors as _;`",
    );
}

#[tokio::test]
async fn a_system_without_actors_can_be_asked_for() {
    let system = System::builder("empty").in_memory().actors([]).start().await.unwrap();
    let mut events = system.subscribe(">").unwrap();
    system.broadcast(Broadcast::to("a.b", 1_i64)).await.unwrap();
    assert_eq!(events.next().await.unwrap().decode::<i64>().unwrap(), 1);
}
