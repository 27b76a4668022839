//! What fuzzing has found worth keeping, tried again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use spawn_fuzzing::TARGETS;

/// The inputs that are kept for a target, by the names of their files.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/corpus").join(target);
    let files = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{target}: {error}"));
    let mut inputs: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
        })
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn what_was_found_is_tried_again() {
    let threads = TARGETS.map(|(name, target)| {
        std::thread::spawn(move || {
            let inputs = kept(name);
            assert!(inputs.len() >= 10, "{name} has a corpus of {}", inputs.len());
            for (file, bytes) in inputs {
                assert!(catch_unwind(|| target(&bytes)).is_ok(), "fuzz/corpus/{name}/{file}");
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

/// An empty input and a few that are nothing: a target has to take anything.
#[test]
fn nothing_is_an_input_too() {
    for (name, target) in TARGETS {
        for bytes in [&[][..], &[0], &[0xff; 64], &[0; 64]] {
            assert!(catch_unwind(|| target(bytes)).is_ok(), "{name}: {bytes:?}");
        }
    }
}
