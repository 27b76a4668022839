//! Channels that are written as literals in the body of an action: `Broadcast::to("order.events", ..).and("audit.log", ..)`.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::diag::{self, Sink};
use crate::grammar;
use crate::util::arguments::{bare, text_of};

/// Checks every literal channel in `body`, and adds it to `found`. Whether `Broadcast` is ours cannot be known here, but a name that
/// would be refused when the program runs is a mistake in any case.
pub(super) fn check(body: TokenStream, found: &mut BTreeSet<String>, sink: &mut Sink) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            check(group.stream(), found, sink);
        }
        if is_ident(token, "Broadcast") {
            check_chain(&tokens[place + 1..], found, sink);
        }
    }
}

/// `::to("..", e)` or `::new()`, then any number of `.and("..", e)`.
fn check_chain(rest: &[TokenTree], found: &mut BTreeSet<String>, sink: &mut Sink) {
    let [first, second, start, TokenTree::Group(arguments), rest @ ..] = rest else { return };
    if !(is_punct(first, ':') && is_punct(second, ':')) {
        return;
    }
    if is_ident(start, "to") {
        check_channel(arguments, found, sink);
    } else if !is_ident(start, "new") {
        return;
    }
    let mut rest = rest;
    while let [dot, and, TokenTree::Group(arguments), next @ ..] = rest
        && is_punct(dot, '.')
        && is_ident(and, "and")
    {
        check_channel(arguments, found, sink);
        rest = next;
    }
}

/// The first argument, if it is a literal.
fn check_channel(arguments: &Group, found: &mut BTreeSet<String>, sink: &mut Sink) {
    let mut tokens = arguments.stream().into_iter();
    if arguments.delimiter() == Delimiter::Parenthesis
        && let Some(TokenTree::Literal(literal)) = tokens.next().map(bare)
        && tokens.next().is_some_and(|token| is_punct(&token, ','))
        && let Some(channel) = text_of(&literal)
    {
        match grammar::check_channel(&channel) {
            Ok(()) => {
                found.insert(channel);
            }
            Err(fault) => sink.push(diag::bad_channel(&literal, &channel, fault)),
        }
    }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
