//! Files whose bytes have changed.

use std::fs;
use std::path::{Path, PathBuf};

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::store::{Sqlite, StoreError};

use crate::actors::{Ledger, Mirror, Note};
use crate::{builder, copy_as_killed, totals};

const NOTES: usize = 200;
const PAGE: usize = 4_096;

async fn start_notes(directory: &Path) -> System {
    let builder = System::builder("faults").only::<(Note,)>().store(Sqlite::at(directory));
    builder.start().await.unwrap()
}

fn text_of(number: usize) -> String {
    format!("the text of the note {number};").repeat(20)
}

/// Which notes are there, and that the others fail as they have to.
async fn readable(system: &System) -> Vec<usize> {
    let mut readable = Vec::new();
    for number in 0..NOTES {
        match system.actor_by_id::<Note>(number.to_string()).text().await {
            Ok(text) => {
                assert_eq!(text, text_of(number));
                readable.push(number);
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Activation, "{error:?}");
                assert!(error.cause::<StoreError>().is_some(), "{error:?}");
            }
        }
    }
    readable
}

#[tokio::test]
async fn a_damaged_page_is_an_error_of_who_needs_it_and_of_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let system = start_notes(directory.path()).await;
    for number in 0..NOTES {
        system.actor_by_id::<Note>(number.to_string()).write(text_of(number)).await.unwrap();
    }
    system.shutdown().await.unwrap();

    // The page with the text of one of them.
    let file = directory.path().join("spawn.db");
    let whole = fs::read(&file).unwrap();
    let wanted = text_of(117);
    let at = whole.windows(wanted.len()).position(|it| it == wanted.as_bytes()).unwrap();
    let page = at / PAGE * PAGE;
    let mut damaged = whole.clone();
    for byte in &mut damaged[page..page + PAGE] {
        *byte = !*byte;
    }
    fs::write(&file, &damaged).unwrap();

    let system = start_notes(directory.path()).await;
    let left = readable(&system).await;
    assert!(!left.contains(&117) && left.len() > NOTES - 20, "{left:?}");
    // The others go on, and the damage is not spread.
    let note = system.actor_by_id::<Note>("new");
    note.write("and more".to_owned()).await.unwrap();
    assert_eq!(readable(&system).await, left);
    system.shutdown().await.unwrap();

    // Nothing was written over the page: put back, everything is there.
    let mut file_now = fs::read(&file).unwrap();
    assert_eq!(file_now[page..page + PAGE], damaged[page..page + PAGE]);
    file_now[page..page + PAGE].copy_from_slice(&whole[page..page + PAGE]);
    fs::write(&file, file_now).unwrap();
    let system = start_notes(directory.path()).await;
    assert_eq!(readable(&system).await.len(), NOTES);
    assert_eq!(system.actor_by_id::<Note>("new").text().await.unwrap(), "and more");
    system.shutdown().await.unwrap();
}

/// The files as a kill leaves them: the newest commits are in the log.
async fn killed(adds: u64) -> tempfile::TempDir {
    let (living, dead) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let system = builder(living.path()).start().await.unwrap();
    for _ in 0..adds {
        system.actor::<Ledger>().add(100).await.unwrap();
    }
    totals(&system).await;
    copy_as_killed(living.path(), dead.path());
    system.shutdown().await.unwrap();
    dead
}

/// The copy of a damaged log.
fn aside(directory: &Path) -> Option<PathBuf> {
    let mut paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    paths.find(|path| path.extension().is_some_and(|it| it == "damaged"))
}

#[tokio::test]
async fn a_damaged_log_loses_its_end_and_nothing_half() {
    const ADDS: u64 = 40;
    let directory = killed(ADDS).await;
    let log = fs::read(directory.path().join("spawn.db-wal")).unwrap();
    let mut seen = Vec::new();
    for at in (0..=8).map(|part| (log.len() - 1) * part / 8) {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(directory.path().join("spawn.db"), copy.path().join("spawn.db")).unwrap();
        let mut damaged = log.clone();
        damaged[at] ^= 0x10;
        fs::write(copy.path().join("spawn.db-wal"), damaged).unwrap();

        let system = builder(copy.path()).start().await.unwrap();
        // What is before the damage, all of it, and of all actors the same moment.
        let (total, mirrored) = totals(&system).await;
        assert_eq!(total, mirrored);
        // The rest of the log was put aside: mended, it has everything.
        if total < ADDS {
            let mut kept = fs::read(aside(copy.path()).unwrap()).unwrap();
            kept[at] ^= 0x10;
            assert!(kept == log, "at {at}");
        }
        assert_eq!(system.actor::<Mirror>().wrong().await.unwrap(), 0);
        assert_eq!(system.actor::<Ledger>().add(0).await.unwrap(), total + 1, "it goes on");
        assert_eq!(totals(&system).await, (total + 1, total + 1));
        seen.push(total);
        system.shutdown().await.unwrap();
    }
    assert!(seen.is_sorted() && seen[0] == 0 && seen[8] > ADDS / 2, "{seen:?}");
    // One that a kill has left is no damage.
    let system = builder(directory.path()).start().await.unwrap();
    assert_eq!(totals(&system).await, (ADDS, ADDS));
    assert_eq!(aside(directory.path()), None);
    system.shutdown().await.unwrap();
}
