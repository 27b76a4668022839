//! Every use of `unsafe` is in the table of SECURITY.md, counted; outside of the claim the library has none.

use std::collections::BTreeMap;
use std::fs;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{root, sources, table};

/// How often a file has each use.
#[derive(Debug, Default, PartialEq, Eq)]
struct Uses {
    blocks: usize,
    impls: usize,
    /// Functions, types of functions and traits, whose callers have something to prove.
    contracts: usize,
}

impl Uses {
    /// Also those in macros, whose tokens these are as well; not those in comments and texts.
    fn count(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.count(group.stream()),
                TokenTree::Ident(word) if word == "unsafe" => match tokens.peek() {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                        self.blocks += 1;
                    }
                    Some(TokenTree::Ident(next)) if next == "impl" => self.impls += 1,
                    Some(TokenTree::Ident(_)) => self.contracts += 1,
                    // The word itself, in a macro.
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

fn uses(text: &str) -> Uses {
    let mut uses = Uses::default();
    uses.count(text.parse().unwrap());
    uses
}

/// The files below a directory that have any.
fn found(directory: &str) -> BTreeMap<String, Uses> {
    let all = sources(directory).into_iter().map(|name| {
        let uses = uses(&fs::read_to_string(root(&name)).unwrap());
        (name, uses)
    });
    all.filter(|(_, uses)| *uses != Uses::default()).collect()
}

#[test]
fn each_use_of_unsafe_is_counted() {
    let text = "unsafe trait A { unsafe fn a(); } unsafe impl A for B {} /* unsafe */ fn f() -> Token![unsafe] { m!(unsafe { g(\"unsafe\") }) }";
    assert_eq!(uses(text), Uses { blocks: 1, impls: 1, contracts: 2 });
}

#[test]
fn the_library_has_unsafe_code_in_its_claim_alone() {
    let found: Vec<_> = ["spawn/src", "spawn-macros/src", "examples", "book"]
        .into_iter()
        .flat_map(|directory| found(directory).into_keys())
        .filter(|name| !name.starts_with("spawn/src/runtime/claim/"))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn each_file_with_unsafe_code_is_in_the_table() {
    let mut all = found("spawn/src");
    all.extend(found("tests").into_iter().filter(|(name, _)| !name.starts_with("tests/ui/")));
    let rows = table("SECURITY.md", "## Unsafe code").into_iter().map(|cells| {
        let number = |index: usize| cells[index].parse().unwrap();
        assert!(cells[4].len() > 40, "what {} rests on", cells[0]);
        (cells[0].clone(), Uses { blocks: number(1), impls: number(2), contracts: number(3) })
    });
    assert_eq!(rows.collect::<BTreeMap<_, _>>(), all);
}
