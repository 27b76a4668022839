//! Each rule, broken once.

use std::fs;

use crate::check::{Book, check};
use crate::targets::Targets;

/// What is said of a book of these files, which are in `pages` and `code`.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let pages = directory.path().join("pages");
    let sources = [directory.path().join("code")];
    let targets = Targets::default().with("example", "hello");
    let said = check(&Book { pages: &pages, sources: &sources, targets: &targets }).unwrap();
    // Where the directory is is of no interest.
    let place = format!("{}/", directory.path().canonicalize().unwrap().display());
    said.into_iter().map(|fault| fault.replace(&place, "")).collect()
}

/// What is said of a page, in a book that has one more with the heading `Other things`.
fn faults_of(page: &str) -> Vec<String> {
    faults(&[
        ("pages/SUMMARY.md", "- [A](a.md)\n- [B](b/b.md)\n"),
        ("pages/a.md", page),
        ("pages/b/b.md", "# Other *things*\n\n```rust\n{{#include ../../code/x.rs:here}}\n```\n"),
        ("pages/b/picture.svg", "<svg/>"),
        ("code/x.rs", "// ANCHOR: here\nlet x = 1;\n// ANCHOR_END: here\n"),
    ])
}

#[track_caller]
fn assert_faults(page: &str, expected: &[&str]) {
    assert_eq!(faults_of(page), expected);
}

#[test]
fn a_sound_page_is_left_alone() {
    let page = "# A\n\nSee [b](b/b.md#other-things), [here](#a), [there](https://example.org).\n\n![it](b/picture.svg)\n\n\
                ```rust\n{{#include ../code/x.rs:here}}\n```\n\n```toml\na = 1\n```\n\n\
                ```sh\ncargo run --example hello -- --example none\n```\n\n```text\nwhatever\n```\n";
    assert_faults(page, &[]);
}

#[test]
fn rust_is_an_include_of_an_anchor() {
    let fault = "a.md:1: the block is not one include of an anchor";
    assert_faults("```rust\nlet x = 1;\n```\n", &[fault]);
    assert_faults("```rust,ignore\nlet x = 1;\n```\n", &[fault]);
    assert_faults("```rust\n{{#include ../code/x.rs}}\n```\n", &[fault]);
    assert_faults("```rust\n{{#include ../code/x.rs:here}}\nlet y = 2;\n```\n", &[fault]);
}

#[test]
fn yaml_is_an_include_of_a_file() {
    assert_faults("```yaml\n{{#include ../code/x.rs}}\n```\n", &[]);
    let fault = "a.md:1: the block is not one include of a file";
    assert_faults("```yaml\na: 1\n```\n", &[fault]);
    assert_faults("```yaml\n{{#include ../code/x.rs}}\nb: 1\n```\n", &[fault]);
}

#[test]
fn a_block_says_what_it_is() {
    assert_faults("```\nlet x = 1;\n```\n", &["a.md:1: the block does not say its language"]);
    assert_faults("text\n\n    let x = 1;\n", &["a.md:3: the block does not say its language"]);
    assert_faults("```rs\nlet x = 1;\n```\n", &["a.md:1: a block cannot be `rs`"]);
}

#[test]
fn what_is_included_is_there() {
    let fault = "a.md:2: ../code/x.rs has no anchor `gone`";
    assert_faults("```rust\n{{#include ../code/x.rs:gone}}\n```\n", &[fault]);
    assert_faults("{{#include none.svg}}\n", &["a.md:1: there is no file none.svg"]);
}

#[test]
fn an_anchor_is_used_and_has_an_end() {
    let said = faults(&[
        ("pages/SUMMARY.md", ""),
        ("code/x.rs", "// ANCHOR: a\n// ANCHOR_END: b\n// ANCHOR: a\n// ANCHOR_END: a\n"),
    ]);
    assert_eq!(
        said,
        [
            "code/x.rs: no page has the anchor `a`",
            "code/x.rs: no page has the anchor `a`",
            "code/x.rs:2: the anchor `b` ends and never began",
            "code/x.rs:3: the anchor `a` is there twice",
            "code/x.rs:the anchor `a` has no end",
        ]
    );
}

#[test]
fn a_link_leads_somewhere() {
    assert_faults("[x](none.md)\n", &["a.md:1: there is nothing at none.md"]);
    assert_faults("[x](b.md)\n", &["a.md:1: there is nothing at b.md"]);
    assert_faults("text\n\n[x](b/b.md#none)\n", &["a.md:3: there is no heading at b/b.md#none"]);
    assert_faults("# A\n\n[x](#b)\n", &["a.md:3: there is no heading at #b"]);
    assert_faults("[x](../code/x.rs)\n", &["a.md:1: there is nothing at ../code/x.rs"]);
}

#[test]
fn a_picture_is_there() {
    assert_faults("![x](none.svg)\n", &["a.md:1: there is nothing at none.svg"]);
}

#[test]
fn each_page_is_in_the_summary() {
    let said =
        faults(&[("pages/SUMMARY.md", "- [A](a.md)\n"), ("pages/a.md", ""), ("pages/b.md", "")]);
    assert_eq!(said, ["b.md:1: the page is not in SUMMARY.md"]);
    // What a page includes is a part of it.
    let said = faults(&[
        ("pages/SUMMARY.md", "- [A](a.md)\n"),
        ("pages/a.md", "{{#include b.md}}\n"),
        ("pages/b.md", ""),
    ]);
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn each_entry_of_the_summary_has_a_page() {
    let said = faults(&[
        ("pages/SUMMARY.md", "- [A](a.md)\n- [B]()\n- [C](c.md)\n- [C](c.md)\n"),
        ("pages/c.md", ""),
    ]);
    assert_eq!(
        said,
        [
            "SUMMARY.md:1: there is no page a.md",
            "SUMMARY.md:2: the entry has no page",
            "SUMMARY.md:4: the page c.md is there twice",
        ]
    );
}

#[test]
fn toml_can_be_read() {
    let said = faults_of("```toml\na = \n```\n");
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("a.md:1: the TOML cannot be read: "), "{said:?}");
}

#[test]
fn a_command_names_what_there_is() {
    assert_faults(
        "```sh\ncargo run --example none\n```\n",
        &["a.md:1: there is no example `none`"],
    );
    assert_faults(
        "```sh\ncargo bench -p nobody --bench none # measured\n```\n",
        &["a.md:1: there is no package `nobody`", "a.md:1: there is no bench `none`"],
    );
}
