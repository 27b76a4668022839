//! The page "When things break": each fault names tests that exist, and each test of `tests/faults` is named.

use std::collections::BTreeSet;
use std::fs;

use super::{root, sources, table};

/// Functions of a source, those alone that a test runner runs if `tests` is set.
fn functions(file: &str, tests: bool) -> BTreeSet<String> {
    let text = fs::read_to_string(root(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            continue;
        }
        let name = line.split_once("fn ").map(|(_, rest)| rest.split(['(', '<']).next());
        if let Some(name) = name.flatten()
            && (is_test || !tests)
        {
            found.insert(name.to_owned());
        }
        is_test = false;
    }
    found
}

#[test]
fn each_fault_has_a_test_and_each_test_a_fault() {
    let rows = table("book/src/faults.md", "## What comes of each fault");
    assert!(rows.len() > 20, "{}", rows.len());
    let mut named = BTreeSet::new();
    for row in &rows {
        let [what, outcome, shown] = &row[..] else { panic!("{row:?}") };
        assert!(outcome.len() > 15, "{what}: {outcome}");
        for test in shown.split("; ") {
            let (file, name) =
                test.trim_matches('`').split_once(": ").unwrap_or_else(|| panic!("{what}: {test}"));
            // The program that kills has no test runner.
            let tests = !file.starts_with("tests/crash/");
            assert!(functions(file, tests).contains(name), "{what}: {file} has no test {name}");
            named.insert((file.to_owned(), name.to_owned()));
        }
    }
    for file in sources("tests/faults") {
        for name in functions(&file, true) {
            assert!(named.contains(&(file.clone(), name.clone())), "{file}: {name} is on no row");
        }
    }
}
