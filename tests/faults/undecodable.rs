//! Events that nobody can decode.

use spawn::prelude::*;
use spawn::{ErrorKind, Parcel};
use spawn_tests::eventually;

use crate::actors::{Added, Ledger};
use crate::{builder, totals};

#[tokio::test]
async fn an_event_that_nobody_can_decode_is_a_dead_letter_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let system = builder(directory.path()).start().await.unwrap();
    let mut stream = system.subscribe("faults.*").unwrap();
    system.actor::<Ledger>().add(0).await.unwrap();
    // A field that is cut off.
    let broken = || Parcel::encoded("faults.Added", vec![8]);
    system.broadcast(Broadcast::to("faults.added", broken())).await.unwrap();
    // A type that nobody has a clause for.
    let foreign = Parcel::encoded("faults.Unknown", vec![1, 2, 3]);
    system.broadcast(Broadcast::to("faults.added", foreign)).await.unwrap();
    system.actor::<Ledger>().add(0).await.unwrap();
    assert_eq!(totals(&system).await, (2, 2), "the events behind it are handled");

    stream.next().await.unwrap();
    let event = stream.next().await.unwrap();
    assert_eq!(event.decode::<Added>().unwrap_err().kind(), ErrorKind::Decode);

    let letters = async || system.dead_letters().list().await.unwrap();
    let letters = eventually(letters, |letters| !letters.is_empty()).await;
    assert_eq!(letters.len(), 1, "what no clause takes is skipped");
    assert_eq!((letters[0].subscriber(), letters[0].attempts()), ("faults_mirror", 1));
    assert!(letters[0].error().contains("faults.Added"), "{}", letters[0].error());
    system.shutdown().await.unwrap();

    // It is there after a restart, cannot be replayed either, and goes when it is discarded.
    let system = builder(directory.path()).start().await.unwrap();
    let letter = system.dead_letters().list().await.unwrap().remove(0);
    let error = system.dead_letters().replay(letter.id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 1);
    assert!(system.dead_letters().discard(letter.id()).await.unwrap());
    assert_eq!(totals(&system).await, (2, 2));
    system.shutdown().await.unwrap();
}
