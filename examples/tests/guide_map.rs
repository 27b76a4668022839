//! The page that says where the guide of the Elixir SDK is true here: it is complete, and names what exists.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// How many blocks of code that guide has.
const BLOCKS: usize = 17;

/// How many promises were found in it.
const PROMISES: usize = 30;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn page() -> String {
    fs::read_to_string(root().join("book/src/reference/guide-map.md")).unwrap()
}

/// The tables of a page, each with its rows, without the heads.
fn tables(page: &str) -> Vec<Vec<Vec<&str>>> {
    let mut tables = Vec::new();
    let mut is_within = false;
    for line in page.lines() {
        let Some(row) = line.strip_prefix('|') else {
            is_within = false;
            continue;
        };
        if !is_within {
            tables.push(Vec::new());
            is_within = true;
        }
        let row = row.strip_suffix('|').unwrap();
        tables.last_mut().unwrap().push(row.split('|').map(str::trim).collect());
    }
    for table in &mut tables {
        table.drain(..2);
    }
    tables
}

/// What stands between backticks and is a path.
fn paths(cell: &str) -> Vec<&str> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.filter(|it| it.starts_with("examples/") || it.starts_with("tests/")).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_tables_have_a_row_for_each_and_no_empty_cell() {
    let page = page();
    let tables = tables(&page);
    let sizes: Vec<_> = tables.iter().map(Vec::len).collect();
    assert_eq!(sizes, [BLOCKS, PROMISES]);
    for (table, width) in tables.iter().zip([6, 4]) {
        for (number, row) in (1..).zip(table) {
            assert_eq!(row[0], number.to_string());
            assert_eq!(row.len(), width, "{row:?}");
            assert!(row.iter().all(|cell| cell.chars().any(char::is_alphanumeric)), "{row:?}");
        }
    }
}

#[test]
fn what_the_tables_name_exists() {
    let page = page();
    let tables = tables(&page);
    for row in &tables[0] {
        let parts = paths(row[3]);
        assert!(!parts.is_empty(), "{row:?}");
        for part in parts {
            let (path, anchor) = part.split_once(':').unwrap_or_else(|| panic!("{part}: no part"));
            let anchor = format!("// ANCHOR: {anchor}\n");
            assert!(read(path).contains(&anchor), "{part} is not there");
        }
        let link = row[5].split_once("](").unwrap().1.strip_suffix(')').unwrap();
        assert!(root().join("book/src/reference").join(link).is_file(), "{link} is not there");
    }
    let tests = tables[0].iter().map(|row| row[4]).chain(tables[1].iter().map(|row| row[3]));
    for cell in tests {
        let tests = paths(cell);
        assert!(!tests.is_empty(), "{cell}");
        for test in tests {
            let Some((path, name)) = test.split_once('#') else {
                assert!(test.starts_with("tests/ui/fail/"), "{test}: which test?");
                assert!(Path::new(&root().join(test)).with_extension("stderr").is_file(), "{test}");
                read(test);
                continue;
            };
            let source = read(path);
            let found = source.split_once(&format!("fn {name}("));
            let (before, _) = found.unwrap_or_else(|| panic!("{test} is not there"));
            let attributes = before.rsplit("\n\n").next().unwrap();
            assert!(attributes.contains("test"), "{test} is no test: {attributes}");
        }
    }
}

#[test]
fn every_transcript_is_shown_by_a_page() {
    let pages: Vec<_> = fs::read_dir(root().join("book/src/guide"))
        .unwrap()
        .map(|page| page.unwrap().path())
        .filter(|page| page.extension().is_some_and(|it| it == "md"))
        .map(|page| fs::read_to_string(page).unwrap())
        .collect();
    let manifest = read("examples/Cargo.toml");
    let mut count = 0;
    for transcript in fs::read_dir(root().join("examples/transcripts")).unwrap() {
        let path = transcript.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name} is no example");
        let include =
            format!("```text\n{{{{#include ../../../examples/transcripts/{name}.txt}}}}\n```");
        assert!(pages.iter().any(|page| page.contains(&include)), "no page shows {name}");
        count += 1;
    }
    assert_eq!(count, 13);
}
