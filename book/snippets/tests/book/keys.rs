//! The page of attributes has a row for each key that the macros know, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use syn::{Expr, Item, ItemConst, Lit};

use crate::anchors::files;
use crate::lists::rows;
use crate::root;

/// Where the rows are of the keys of a place, as the macros' diagnostics call it.
fn heading(place: &str) -> &str {
    match place {
        "`#[actor]`" => "## Actor",
        "`retry`" => "## Retry",
        "a channel entry" => "## Entries of channels",
        "`#[action]`" => "## Action",
        "`#[message]`" => "## Message",
        "`#[message]` on a field" | "`#[message]` on a variant" => "## Fields and variants",
        // Its keys are the user's.
        "`tags`" => "",
        other => panic!("say under which heading the keys of {other} are"),
    }
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The place and the keys of `const X: Accepts = Accepts { place: .., keys: &[(.., ..), ..], .. }`.
fn accepts(item: &ItemConst) -> Option<(String, Vec<String>)> {
    let Expr::Struct(value) = &*item.expr else { return None };
    if !value.path.is_ident("Accepts") {
        return None;
    }
    let field = |name: &str| {
        let is_it = |member: &syn::Member| matches!(member, syn::Member::Named(it) if it == name);
        value.fields.iter().find(|field| is_it(&field.member)).map(|field| &field.expr)
    };
    let Some(Expr::Reference(list)) = field("keys") else { return None };
    let Expr::Array(list) = &*list.expr else { return None };
    let key = |pair: &Expr| match pair {
        Expr::Tuple(pair) => pair.elems.first().and_then(text),
        _ => None,
    };
    let keys = list.elems.iter().map(|pair| key(pair).unwrap()).collect();
    Some((text(field("place")?)?, keys))
}

#[test]
fn each_key_has_a_row() {
    let mut known = BTreeMap::<&str, BTreeSet<String>>::new();
    let mut places = Vec::new();
    for path in files(&root("spawn-macros/src"), "rs").unwrap() {
        let source = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        let constants = source.items.iter().filter_map(|item| match item {
            Item::Const(item) => accepts(item),
            _ => None,
        });
        places.extend(constants);
    }
    for (place, keys) in &places {
        known.entry(heading(place)).or_default().extend(keys.iter().cloned());
    }
    // All of them were found.
    assert_eq!(places.len(), 8, "{places:?}");
    for (heading, keys) in known.into_iter().filter(|(heading, _)| !heading.is_empty()) {
        assert_eq!(rows("reference/attributes.md", heading), keys, "{heading}");
    }
}
