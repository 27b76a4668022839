//! What is on the disk.

use spawn::store::{Sqlite, Store};

use super::super::files;
use super::{MARKER, fill, keys, read, store};

/// In which files somebody finds `text`.
fn found(directory: &std::path::Path, text: &str) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    files(directory).into_iter().filter(|(_, bytes)| has(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn no_secret_is_on_the_disk() {
    let plain = tempfile::tempdir().unwrap();
    let open = Sqlite::at(plain.path());
    fill(&open);
    assert_eq!(found(plain.path(), MARKER), ["spawn.db-wal"], "else nothing is found anywhere");
    open.close();
    assert_eq!(found(plain.path(), MARKER), ["spawn.db"]);

    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    read(&open).unwrap();
    assert_eq!(found(directory.path(), "test.events"), ["spawn.db-wal"], "channels are plain");
    assert!(found(directory.path(), MARKER).is_empty());
    open.close();
    assert_eq!(found(directory.path(), "test.events"), ["spawn.db"]);
    assert!(found(directory.path(), MARKER).is_empty());
    // Nor is the key, in any spelling.
    for key in [&[0xaa; 32][..], "a".repeat(64).as_bytes()] {
        let has = |bytes: &[u8]| bytes.windows(key.len()).any(|it| it == key);
        assert!(!files(directory.path()).iter().any(|(_, bytes)| has(bytes)));
    }
}

#[test]
fn no_key_is_in_what_is_printed() {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    for text in [format!("{open:?}"), format!("{:?}", keys("1=a,2=b"))] {
        assert!(!text.contains("aaaa") && !text.contains("170, 170"), "{text}");
    }
}
