//! Every case with a token missing, doubled, or changed for its neighbour: nothing panics, the item is still there, and what makes no
//! definition does not compile.
//!
//! Every place of a seeded sample is tried; `SPAWN_FUZZ=all cargo test -p spawn-macros --release fuzz` tries them all, and a number in
//! its place is the seed of another sample.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Group, TokenStream, TokenTree};

use super::{Use, files, flat, short, uses};
use crate::diag::{Diagnostic, Sink};
use crate::util::strip;

/// How many mutations of how many are tried.
const SHARE: u64 = 6;

#[derive(Clone, Copy, Debug)]
enum Change {
    Delete,
    Double,
    Swap,
}

const CHANGES: [Change; 3] = [Change::Delete, Change::Double, Change::Swap];

/// The tokens with the one at `place` changed, where places are counted through all groups. `place` is lowered by the tokens that are
/// passed; it is `None` once the change is done.
fn mutated(tokens: TokenStream, place: &mut Option<usize>, change: Change) -> TokenStream {
    let mut mutated: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match place {
            Some(0) => {
                *place = None;
                match change {
                    Change::Delete => {}
                    Change::Double => mutated.extend([token.clone(), token]),
                    Change::Swap => {
                        mutated.extend(tokens.next());
                        mutated.push(token);
                    }
                }
                continue;
            }
            Some(place) => *place -= 1,
            None => {}
        }
        mutated.push(match token {
            TokenTree::Group(group) => {
                let inner = self::mutated(group.stream(), place, change);
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                changed.into()
            }
            token => token,
        });
    }
    mutated.into_iter().collect()
}

fn count(tokens: TokenStream) -> usize {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 1 + count(group.stream()),
            _ => 1,
        })
        .sum()
}

/// A use with one token changed, counted through its arguments and then its item.
fn change(it: &Use, place: usize, change: Change) -> Use {
    let mut changed = it.clone();
    let arguments = count(it.arguments.clone());
    if place < arguments {
        changed.arguments = mutated(it.arguments.clone(), &mut Some(place), change);
    } else {
        changed.item = mutated(it.item.clone(), &mut Some(place - arguments), change);
    }
    changed
}

/// A step of `SplitMix64`.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Whether `tokens` come in `within`, in their order and with others between them.
fn is_within(tokens: &[String], within: &[String]) -> bool {
    let mut within = within.iter();
    tokens.iter().all(|token| within.any(|other| other == token))
}

/// What the user wrote, without attributes of ours.
fn written(item: &TokenStream) -> Vec<String> {
    let tokens = flat(strip::helpers(item.clone()));
    let mut kept = Vec::new();
    let mut tokens = tokens.as_slice();
    while let [first, rest @ ..] = tokens {
        match tokens {
            [hash, open, actor, close, rest @ ..]
                if [hash, open, actor, close] == ["#", "[", "actor", "]"] =>
            {
                tokens = rest;
            }
            // `fn f<>()` means `fn f()`.
            [open, close, rest @ ..] if [open, close] == ["<", ">"] => tokens = rest,
            // `T:` without a bound means `T`.
            [colon, next, ..] if colon == ":" && [">", ","].contains(&next.as_str()) => {
                tokens = rest;
            }
            _ => {
                kept.push(first.clone());
                tokens = rest;
            }
        }
    }
    kept
}

/// What is wrong with the expansion of a use, if anything.
fn fault(it: &Use) -> Option<String> {
    let mut sink = Sink::default();
    let Ok(expanded) = catch_unwind(AssertUnwindSafe(|| it.expand(&mut sink))) else {
        return Some("it panics".to_owned());
    };
    // What was reported is changed in these cases, so that the compiler does not report it too.
    let changing =
        ["a message owns its fields", "the variants of an enum with data are told apart"];
    let is_as_written = !sink
        .diagnostics()
        .iter()
        .any(|it| changing.iter().any(|changing| it.message().starts_with(changing)));
    if is_as_written && !is_within(&written(&it.item), &flat(expanded.clone())) {
        return Some("a part of the item is gone".to_owned());
    }
    if let Some(long) = sink.diagnostics().iter().find(|it| it.message().is_empty()) {
        return Some(format!("a diagnostic says nothing: {long:?}"));
    }
    // The definition is whole, or something is reported, or the compiler has something to report.
    let is_defined = match it.attribute {
        "actor" => expanded.to_string().contains(":: Actor for"),
        "message" => expanded.to_string().contains("const _ : () ="),
        _ => false,
    };
    // It does not even come to an expansion if the item is no Rust.
    let is_rust = syn::parse2::<syn::Item>(it.item.clone()).is_ok()
        && syn::parse2::<syn::File>(expanded).is_ok();
    if sink.is_empty() && !is_defined && is_rust {
        return Some("nothing is defined, and nothing is said".to_owned());
    }
    None
}

#[test]
fn a_changed_token_does_no_harm() {
    let wanted = std::env::var("SPAWN_FUZZ").unwrap_or_default();
    let is_all = wanted == "all";
    let mut seed = wanted.parse().unwrap_or(1);
    let mut tried = 0_u64;
    let mut faults = Vec::new();
    for path in files("fail").iter().chain(&files("pass")) {
        for it in uses(path) {
            let places = 0..count(it.arguments.clone()) + count(it.item.clone());
            for (place, kind) in places.flat_map(|place| CHANGES.map(|kind| (place, kind))) {
                if !is_all && !next(&mut seed).is_multiple_of(SHARE) {
                    continue;
                }
                tried += 1;
                let changed = change(&it, place, kind);
                if let Some(fault) = fault(&changed) {
                    faults.push(format!(
                        "{}: {kind:?} {place}: {fault}:\n    #[{}({})] {}",
                        short(path),
                        changed.attribute,
                        changed.arguments,
                        changed.item
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 1_000, "only {tried} were tried");
}

/// In what is right, a token that is missing is one mistake, so that one diagnostic is met. It may be met at several places: an action
/// that is gone is missing to each of its channels.
#[test]
fn a_missing_token_is_one_mistake() {
    let mut faults = Vec::new();
    for path in files("pass") {
        for it in uses(&path) {
            for place in 0..count(it.arguments.clone()) + count(it.item.clone()) {
                let changed = change(&it, place, Change::Delete);
                let mut sink = Sink::default();
                changed.expand(&mut sink);
                let met: BTreeSet<_> = sink.diagnostics().iter().map(Diagnostic::made_by).collect();
                if met.len() > 1 && syn::parse2::<syn::Item>(changed.item.clone()).is_ok() {
                    let all: Vec<_> = sink.diagnostics().iter().map(Diagnostic::message).collect();
                    faults.push(format!(
                        "{}: {place}: {all:#?}\n    #[{}({})] {}",
                        short(&path),
                        changed.attribute,
                        changed.arguments,
                        changed.item
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
