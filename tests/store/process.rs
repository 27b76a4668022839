//! Other processes: one that has the data open, one that is killed, one whose writes fail.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, io};

use spawn::store::{Sqlite, Store, StoreError, Trim};
use spawn::{ActorId, Position};

use super::{chain, step};

const DIRECTORY: &str = "SPAWN_TEST_STORE";

/// This program again, with nothing but the test `name` in it.
fn child(name: &str, directory: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture"]).env(DIRECTORY, directory);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Waits until a child says `word`.
fn wait_for(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.ends_with(word)), "never said {word}");
}

/// In the child of the next test: opens, commits, and waits for the end.
#[test]
fn child_that_holds_the_data() {
    let Some(directory) = env::var_os(DIRECTORY) else { return };
    let store = Sqlite::at(directory);
    let epoch = store.open("test").unwrap().epoch;
    for number in 0..50 {
        store.commit(number + 1, &[&step(epoch, number, 1_000)]).unwrap();
    }
    writeln!(io::stdout(), "committed").unwrap();
    io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn the_data_of_another_process_is_in_use_until_it_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = child("process::child_that_holds_the_data", directory.path()).spawn().unwrap();
    wait_for(&mut child, "committed");

    let store = Sqlite::at(directory.path());
    let start = Instant::now();
    let error = store.open("test").unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(2), "at once");
    assert!(matches!(error, StoreError::InUse { pid, .. } if pid == child.id()), "{error:?}");
    assert!(error.to_string().contains(&format!("the process {}", child.id())), "{error}");

    child.kill().unwrap();
    child.wait().unwrap();
    let log = directory.path().join("spawn.db-wal");
    assert!(log.metadata().unwrap().len() > 0, "what it committed is in the log");
    let lock = std::fs::read_to_string(directory.path().join("spawn.lock")).unwrap();
    assert_eq!(lock.trim(), child.id().to_string(), "its lock file is still there");
    let opened = store.open("test").unwrap();
    assert_eq!((opened.batch, opened.head), (50, Position::from_number(50)));
    let stored = store.load(&ActorId::parse("test/a").unwrap()).unwrap().unwrap();
    assert_eq!(stored.revision.0, 50);
    store.commit(51, &[&step(opened.epoch, 50, 1)]).unwrap();
}

/// In the child of the next test, which may not write files longer than 1 MiB: the log fails in the middle of a commit.
#[test]
fn child_whose_writes_fail() {
    let Some(directory) = env::var_os(DIRECTORY) else { return };
    let store = Sqlite::at(directory);
    let actor = ActorId::parse("test/a").unwrap();
    let opened = store.open("test").unwrap();
    let mut number = opened.batch;
    let mut recoveries = 0;
    while recoveries < 3 {
        let outcome = store.commit(number + 1, &[&step(opened.epoch, number, 50_000)]);
        match outcome {
            Ok(_) => number += 1,
            Err(StoreError::Unknown { verdicts, .. }) => {
                assert_eq!(verdicts.len(), 1, "what holds if it did take effect");
                // Nothing is written before the store has recovered.
                let error = store.commit(number + 1, &[]).unwrap_err();
                assert!(matches!(error, StoreError::Unknown { .. }), "{error:?}");
                assert!(matches!(store.register(&[]), Err(StoreError::Unknown { .. })));
                let recovered = store.recover().unwrap();
                assert_eq!((recovered.epoch, recovered.identity), (opened.epoch, opened.identity));
                assert!([number, number + 1].contains(&recovered.batch), "{recovered:?}");
                number = recovered.batch;
                recoveries += 1;
            }
            Err(error) => panic!("{}", chain(&error)),
        }
        assert_eq!(store.load(&actor).unwrap().map_or(0, |actor| actor.revision.0), number);
        let (after, up_to) = (Position::from_number(0), Position::from_number(number));
        let all = Trim { after, up_to, before: u64::MAX, goes: &|_| true, limit: 100 };
        store.trim(&all).unwrap();
        assert!(number < 1_000, "the limit was never met");
    }
    writeln!(io::stdout(), "recovered at {number}").unwrap();
}

#[cfg(unix)]
#[test]
fn a_commit_whose_outcome_is_unknown_is_decided_by_recovering() {
    let directory = tempfile::tempdir().unwrap();
    let inner = child("process::child_whose_writes_fail", directory.path());
    // The limit of a process cannot be set in safe Rust, but a shell can; the signal would end the process.
    let mut limited = Command::new("sh");
    limited.arg("-c").arg("trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"");
    limited.arg(inner.get_program()).args(inner.get_args()).env(DIRECTORY, directory.path());
    let output = limited.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("recovered at "), "{text}");
}
