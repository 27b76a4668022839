//! What the repository says of itself, compared with what is in it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
mod unsafe_code;

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A path from the root of the repository.
fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The Rust sources below a directory, from the root of the repository, in order.
fn sources(directory: &str) -> Vec<String> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
                walk(&path, found)?;
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(&root(directory), &mut found).unwrap();
    let base = root("");
    let name = |path: &PathBuf| path.strip_prefix(&base).unwrap().to_str().unwrap().to_owned();
    let mut names: Vec<_> = found.iter().map(name).collect();
    names.sort();
    names
}

/// The rows of the first table after a heading of a document, without those of its head; each as its cells.
fn table(file: &str, heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root(file)).unwrap();
    let lines = text.lines().skip_while(|line| *line != heading);
    let lines = lines.skip_while(|line| !line.starts_with('|'));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    lines.take_while(|line| line.starts_with('|')).skip(2).map(cells).collect()
}
