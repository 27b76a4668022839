//! Copies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use crate::kit::{Cart, cli, filled, start, start_with};

#[tokio::test]
async fn a_copy_of_a_system_that_runs_is_a_moment_of_it() {
    let data = tempfile::tempdir().unwrap();
    let copies = tempfile::tempdir().unwrap();
    let (system, _hands) = start_with(data.path(), |it| it, true).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicI64::new(0));
    // Somebody writes all the time.
    let writing = tokio::spawn({
        let (system, is_over, count) = (system.clone(), Arc::clone(&is_over), Arc::clone(&count));
        async move {
            while !is_over.load(Ordering::SeqCst) {
                for id in 0..8 {
                    let added = system.actor_by_id::<Cart>(format!("c{id}")).add(1).await.unwrap();
                    count.store(added, Ordering::SeqCst);
                }
            }
        }
    });
    let mut before = 0;
    while system.find().await.unwrap().len() < 8 {
        tokio::task::yield_now().await;
    }
    for number in 0..5 {
        // On a busy machine, a copy may be made before anything is written after the one before.
        let last = count.load(Ordering::SeqCst);
        while count.load(Ordering::SeqCst) == last {
            tokio::task::yield_now().await;
        }
        let target = copies.path().join(format!("copy-{number}"));
        let text = target.to_str().unwrap().to_owned();
        let directory = data.path().to_owned();
        let said =
            tokio::task::spawn_blocking(move || cli(&directory, &["backup", &text])).await.unwrap();
        let wanted = format!("copied to {} and checked\n", target.display());
        assert_eq!((said.status, said.out), (0, wanted), "{}", said.err);
        let mut names: Vec<_> =
            target.read_dir().unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["spawn.db"]);
        assert_eq!(cli(&target, &["check"]).out, "the data is sound\n");
        let events =
            cli(&target, &["overview", "--json"]).json()["last_position"].as_u64().unwrap();
        assert!(events > before, "a later moment: {events}, {before}");
        before = events;
    }
    is_over.store(true, Ordering::SeqCst);
    writing.await.unwrap();
    let count = count.load(Ordering::SeqCst);
    system.shutdown().await.unwrap();

    // A copy is data that a system goes on with.
    let (system, _hands) = start_with(&copies.path().join("copy-4"), |it| it, true).await;
    let next = system.actor_by_id::<Cart>("c0").add(1).await.unwrap();
    assert!((2..=count + 1).contains(&next), "{next} of {count}");
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let data = filled().await;
    let other = filled().await;
    let before = std::fs::read(other.path().join("spawn.db")).unwrap();
    let said = cli(data.path(), &["backup", other.path().to_str().unwrap()]);
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.err.contains("spawn.db is there already"), "{said:?}");
    assert_eq!(std::fs::read(other.path().join("spawn.db")).unwrap(), before);
    let onto_itself = cli(data.path(), &["backup", data.path().to_str().unwrap()]);
    assert_eq!(onto_itself.status, 1, "{onto_itself:?}");
    let under_a_file = data.path().join("spawn.db/copy");
    let said = cli(data.path(), &["backup", under_a_file.to_str().unwrap()]);
    assert!(said.status == 1 && !said.err.is_empty(), "{said:?}");
    let (system, _hands) = start(data.path()).await;
    system.shutdown().await.unwrap();
}
