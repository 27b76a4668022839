//! Whole systems whose data is encrypted.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::store::{EncryptionError, Keys, Memory, Sqlite};
use spawn::testing::TestSystem;

use crate::actors::{Counter, Mirror, Runs};

/// In the child: where the data is.
const DIRECTORY: &str = "SPAWN_TEST_ENCRYPTED";
const KEY: &str = "SPAWN_STATESTORE_KEY";

fn keys(id: &str, byte: u8) -> Keys {
    Keys::new(id, [byte; 32]).unwrap()
}

fn builder(directory: &Path) -> spawn::SystemBuilder {
    let builder = System::builder("durable").store(Sqlite::at(directory));
    builder.only::<(Counter, Mirror)>().resource(Arc::new(Runs::default()))
}

fn cause(error: &spawn::Error) -> &EncryptionError {
    assert_eq!(error.kind(), ErrorKind::Storage);
    error.cause::<EncryptionError>().unwrap_or_else(|| panic!("{error:?}"))
}

/// Adds to what is there, and says what the counter and the mirror have.
async fn add(builder: spawn::SystemBuilder, amount: i64) -> spawn::Result<(i64, i64)> {
    let system = TestSystem::from(builder.start().await?);
    let total = system.actor::<Counter>().announce(amount).await?;
    system.settle().await;
    let mirrored = system.actor::<Mirror>().total().await?;
    System::clone(&system).shutdown().await?;
    Ok((total, mirrored))
}

#[tokio::test]
async fn a_system_goes_on_with_its_key_and_with_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || builder(directory.path());
    assert_eq!(add(builder().encrypt(keys("1", 1)), 2).await.unwrap(), (2, 2));

    let error = add(builder(), 1).await.unwrap_err();
    assert!(matches!(cause(&error), EncryptionError::NoKey { system } if system == "durable"));
    assert!(error.to_string().contains("set SPAWN_STATESTORE_KEY"), "{error}");
    let error = add(builder().encrypt(keys("1", 2)), 1).await.unwrap_err();
    assert!(matches!(cause(&error), EncryptionError::WrongKey { .. }), "{error:?}");

    let rotated = keys("2", 2).and("1", [1; 32]).unwrap();
    assert_eq!(add(builder().encrypt(rotated), 3).await.unwrap(), (5, 5));
}

#[tokio::test]
async fn memory_is_encrypted_if_the_program_says_so() {
    let memory = Memory::new();
    let builder = || builder(Path::new("")).store(memory.clone());
    assert_eq!(add(builder().encrypt(keys("1", 1)), 2).await.unwrap(), (2, 2));
    let error = add(builder(), 1).await.unwrap_err();
    assert!(matches!(cause(&error), EncryptionError::NoKey { .. }), "{error:?}");
    assert_eq!(add(builder().encrypt(keys("1", 1)), 2).await.unwrap(), (4, 4));
}

#[tokio::test]
async fn an_actor_whose_state_was_changed_fails_alone() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || builder(directory.path()).encrypt(keys("1", 1));
    add(builder(), 2).await.unwrap();
    let connection = rusqlite::Connection::open(directory.path().join("spawn.db")).unwrap();
    let damage = "UPDATE states SET state = substr(state, 1, length(state) - 1) WHERE type = 'durable.Counter'";
    assert_eq!(connection.execute(damage, ()).unwrap(), 1);
    drop(connection);

    let system = builder().start().await.unwrap();
    let error = system.actor::<Counter>().add(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Activation, "{error:?}");
    let found = error.cause::<EncryptionError>().unwrap().to_string();
    assert!(
        found.starts_with("the state of durable_counter at revision 1 does not decrypt"),
        "{found}"
    );
    assert_eq!(system.actor::<Mirror>().total().await.unwrap(), 2);
    system.shutdown().await.unwrap();
}

/// In the child of the next test: adds one.
#[tokio::test]
async fn child_with_an_environment() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let said = match add(builder(Path::new(&directory)), 1).await {
        Ok((total, _)) => format!("total {total}"),
        Err(error) => format!("{error:?}"),
    };
    writeln!(std::io::stdout(), "{said}").unwrap();
}

#[test]
fn the_environment_has_the_keys() {
    let directory = tempfile::tempdir().unwrap();
    let run = |key: Option<&str>| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["encryption::child_with_an_environment", "--exact", "--nocapture"]);
        child.env(DIRECTORY, directory.path()).env_remove(KEY);
        let output = child.envs(key.map(|key| (KEY, key))).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let (one, two) = ("ab".repeat(32), "cd".repeat(32));
    assert!(run(Some(&one)).contains("total 1\n"));
    assert!(run(Some(&format!("2:{two},1:{one}"))).contains("total 2\n"));
    assert!(run(None).contains("no key was given"));
    assert!(run(Some(&one)).contains("the data of `durable` needs the key `2`"));
    // One that was not mounted, or not filled in, does not mean that nothing is to be encrypted.
    assert!(run(Some("")).contains("the keys cannot be used: an entry is empty"));
    assert!(run(Some(&format!("{two},3:{one}"))).contains("the key `1` is not the one"));
    assert!(run(Some(&format!("3:{two},2:{two},1:{one}"))).contains("total 3\n"));
}
