//! The check of the guide: its code is compiled and tested, its links lead somewhere, its lists are complete.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod anchors;
mod bad;
mod check;
mod keys;
mod lists;
mod page;
mod targets;

use std::path::{Path, PathBuf};

use crate::check::{Book, check};
use crate::targets::Targets;

/// A path from the root of the repository.
fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[test]
fn the_book_is_sound() {
    let targets = Targets::of_workspace().unwrap();
    let sources = ["book/snippets/src", "book/snippets/examples", "examples"].map(root);
    let book = Book { pages: &root("book/src"), sources: &sources, targets: &targets };
    let faults = check(&book).unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
