//! Which keys open what.

use std::path::Path;

use spawn::store::{
    Commit, Encrypted, EncryptionError, KeyProvider, Keys, Memory, Sqlite, Store, StoreError,
};

use super::super::chain;
use super::{actor, encoded, fill, intruder, keys, read, refusal, state, store};

/// Opens, reads all, closes.
fn opens(directory: &Path, text: &str) {
    let open = store(directory, text);
    open.open("test").unwrap();
    read(&open).unwrap();
}

/// Why it does not open; and everything is there afterwards, for who has the keys.
fn refused(directory: &Path, text: &str, right: &str) -> EncryptionError {
    let other = store(directory, text);
    let error = refusal(other.open("test").map(drop));
    // It was closed again.
    assert!(matches!(other.load(&actor("test/a")), Err(StoreError::Failed { .. })));
    opens(directory, right);
    error
}

fn filled(text: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fill(&store(directory.path(), text));
    directory
}

/// Writes the next state of `test/b`.
fn change(directory: &Path, text: &str) {
    let open = store(directory, text);
    let opened = open.open("test").unwrap();
    let revision = open.load(&actor("test/b")).unwrap().unwrap().revision.0;
    let commit =
        Commit { epoch: opened.epoch, actor: Some(state("test/b", revision)), ..Commit::default() };
    open.commit(opened.batch + 1, &[&commit]).unwrap();
    assert_eq!(open.load(&actor("test/b")).unwrap().unwrap().state, Some(encoded(revision + 1)));
}

/// The ids of the keys of all states, the oldest row first.
fn ids_of_states(directory: &Path) -> Vec<String> {
    let connection = intruder(directory);
    let mut all = connection.prepare("SELECT state FROM states ORDER BY id").unwrap();
    let id = |bytes: Vec<u8>| match bytes.split_first_chunk() {
        Some(([0, 1, length], rest)) => {
            String::from_utf8(rest[..usize::from(*length)].to_vec()).unwrap()
        }
        _ => "plain".to_owned(),
    };
    all.query_map((), |row| Ok(id(row.get(0)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_wrong_key_is_told_at_the_start_and_destroys_nothing() {
    let directory = filled("1=a");
    let error = refused(directory.path(), "1=b", "1=a");
    assert!(matches!(error, EncryptionError::WrongKey { .. }), "{error:?}");
    let said = "the key `1` is not the one that the data of `test` was encrypted with";
    assert!(error.to_string().starts_with(said), "{error}");
}

#[test]
fn a_missing_key_is_told_at_the_start_with_the_keys_that_there_are() {
    let directory = filled("1=a");
    let error = refused(directory.path(), "3=c,2=b", "1=a");
    let said = "the data of `test` needs the key `1`, and the keys are `3`, `2`;";
    assert!(error.to_string().starts_with(said), "{error}");
}

#[test]
fn keys_rotate() {
    let directory = filled("1=a");
    opens(directory.path(), "2=b,1=a");
    change(directory.path(), "2=b,1=a");
    // What has changed is encrypted with the new key, everything else as it was.
    assert_eq!(ids_of_states(directory.path()), ["1", "1", "1", "2"]);
    let open = store(directory.path(), "2=b,1=a");
    open.open("test").unwrap();
    assert_eq!(open.load(&actor("test/a")).unwrap().unwrap().state, Some(encoded(2)));
    open.close();
    // Both are needed from here on, in any order.
    for one in ["1=a", "2=b"] {
        let error = refusal(store(directory.path(), one).open("test").map(drop));
        assert!(matches!(error, EncryptionError::MissingKey { .. }), "{error:?}");
    }
    store(directory.path(), "1=a,2=b").open("test").unwrap();
    change(directory.path(), "2=b,1=a");
    assert_eq!(ids_of_states(directory.path()), ["1", "1", "2", "2"]);

    // The first key is gone: what it has encrypted is an error of whoever reads it, and the rest is there.
    let open = store(directory.path(), "2=b,1:retired");
    open.open("test").unwrap();
    assert_eq!(open.load(&actor("test/b")).unwrap().unwrap().state, Some(encoded(3)));
    let error = refusal(open.load(&actor("test/a")).map(drop));
    assert!(
        matches!(error, EncryptionError::MissingKey { ref key, .. } if key == "1"),
        "{error:?}"
    );
    open.close();
    // Once that was said, it need not be said again; and the key that comes back opens everything.
    store(directory.path(), "2=b").open("test").unwrap();
    let open = store(directory.path(), "2=b,1=a");
    open.open("test").unwrap();
    assert_eq!(open.load(&actor("test/a")).unwrap().unwrap().state, Some(encoded(2)));
}

#[test]
fn plain_data_is_refused_until_it_is_said_that_it_may_be_plain() {
    let directory = tempfile::tempdir().unwrap();
    fill(&Sqlite::at(directory.path()));
    let error = refusal(store(directory.path(), "1=a").open("test").map(drop));
    assert!(matches!(error, EncryptionError::NotEncrypted { .. }), "{error:?}");
    assert!(error.to_string().contains("with `plain` as the last of the keys"), "{error}");
    // As it was.
    let plain = Sqlite::at(directory.path());
    plain.open("test").unwrap();
    read(&plain).unwrap();
    drop(plain);

    opens(directory.path(), "1=a,plain");
    change(directory.path(), "1=a,plain");
    assert_eq!(ids_of_states(directory.path()), ["plain", "plain", "plain", "1"]);
    // Without `plain`, what is plain is told where it is met.
    let open = store(directory.path(), "1=a");
    open.open("test").unwrap();
    let error = refusal(open.load(&actor("test/a")).map(drop));
    assert!(matches!(error, EncryptionError::Plain { .. }), "{error:?}");
    assert_eq!(open.load(&actor("test/b")).unwrap().unwrap().state, Some(encoded(2)));
}

#[test]
fn the_provider_is_asked_at_each_opening() {
    let memory = Memory::new();
    let nothing = || -> Result<Keys, spawn::BoxError> { Err("the vault is sealed".into()) };
    let error = Encrypted::new(memory.clone(), nothing).open("test").unwrap_err();
    let said = "the key provider gave no keys";
    assert!(chain(&error).starts_with(said) && chain(&error).ends_with("the vault is sealed"));
    let malformed = || Ok("1:abc".parse::<Keys>()?);
    let error = Encrypted::new(memory.clone(), malformed).open("test").unwrap_err();
    assert!(
        matches!(error, StoreError::Encryption(EncryptionError::Malformed { .. })),
        "{error:?}"
    );
    let provider: &dyn KeyProvider = &keys("1=a");
    assert_eq!(format!("{:?}", provider.keys().unwrap()), r#"Keys(["1"])"#);

    let rotation = std::sync::atomic::AtomicU8::new(0);
    let texts = ["1=a", "2=b,1=a"];
    let next = move || {
        let time = rotation.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(keys(texts[usize::from(time)]))
    };
    let open = Encrypted::new(memory, next);
    fill(&open);
    open.close();
    open.open("test").unwrap();
    read(&open).unwrap();
}

#[test]
fn data_is_encrypted_once() {
    let directory = tempfile::tempdir().unwrap();
    let twice = Encrypted::new(store(directory.path(), "1=a"), keys("2=b"));
    let error = twice.open("test").unwrap_err();
    assert!(chain(&error).contains("another layer already"), "{}", chain(&error));
}
