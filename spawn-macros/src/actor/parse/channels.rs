//! `channels = [("order.events", handle_order, from = start), "user.events"]`

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::quote;

use crate::diag::{self, Sink};
use crate::grammar;
use crate::util::arguments::{self, Accepts, Argument, Value, plain, split, text_of};

/// An entry.
pub(crate) struct Channel {
    pub(crate) pattern: String,
    pub(crate) literal: Literal,
    /// `None` means the action `receive`.
    pub(crate) handler: Option<Name>,
    pub(crate) from_start: bool,
    /// The key of `wake = eager`.
    pub(crate) wake_eagerly: Option<Ident>,
}

/// A handler: an identifier or a string.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) token: TokenTree,
}

const ACCEPTS: Accepts = Accepts {
    place: "a channel entry",
    keys: &[("from", "from = start"), ("wake", "wake = eager")],
    others: None,
};

/// The entries that are well formed.
pub(crate) fn read(value: &Value, sink: &mut Sink) -> Vec<Channel> {
    let Some(list) = value.group(Delimiter::Bracket) else {
        sink.push(diag::channels_not_a_list(value.tokens()));
        return Vec::new();
    };
    split(list).into_iter().filter_map(|entry| read_entry(&entry, sink)).collect()
}

/// The names and texts that may be handlers: all but keys and their values.
pub(crate) fn mentioned(tokens: TokenStream) -> Vec<String> {
    let is_equals = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(it)) if it.as_char() == '=');
    let tokens: Vec<_> = tokens.into_iter().collect();
    let words = tokens.iter().enumerate().flat_map(|(place, token)| match token {
        TokenTree::Group(group) => mentioned(group.stream()),
        _ if is_equals(tokens.get(place + 1)) => Vec::new(),
        _ if place > 0 && is_equals(tokens.get(place - 1)) => Vec::new(),
        TokenTree::Ident(name) => vec![plain(name)],
        TokenTree::Literal(literal) => text_of(literal).into_iter().collect(),
        TokenTree::Punct(_) => Vec::new(),
    });
    words.collect()
}

fn read_entry(entry: &[TokenTree], sink: &mut Sink) -> Option<Channel> {
    match entry {
        [TokenTree::Literal(channel)] => channel_of(channel, entry, sink),
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            read_pair(group, sink)
        }
        _ => {
            sink.push(diag::not_a_channel_entry(entry.iter().cloned().collect::<TokenStream>()));
            None
        }
    }
}

fn read_pair(group: &Group, sink: &mut Sink) -> Option<Channel> {
    let (options, parts): (Vec<_>, Vec<_>) =
        split(group.stream()).into_iter().partition(|part| is_option(part));
    let whole = [TokenTree::Group(group.clone())];
    let entry = read_parts(&parts, group, &whole, sink);
    // They are checked even if the rest is no good.
    let options = Options::read(&options, sink);
    entry.map(|entry| Channel {
        from_start: options.from_start,
        wake_eagerly: options.wake_eagerly,
        ..entry
    })
}

/// `from = start`
fn is_option(part: &[TokenTree]) -> bool {
    matches!(part, [TokenTree::Ident(_), TokenTree::Punct(equals), ..] if equals.as_char() == '=')
}

#[derive(Default)]
struct Options {
    from_start: bool,
    wake_eagerly: Option<Ident>,
}

impl Options {
    fn read(parts: &[Vec<TokenTree>], sink: &mut Sink) -> Self {
        let parts = parts.iter().map(|part| part.iter().cloned().collect::<TokenStream>());
        let mut read = Self::default();
        for Argument { key, value } in arguments::parse(quote!(#(#parts),*), &ACCEPTS, sink) {
            let word = value.ident().map(|word| word.to_string());
            match (key.to_string().as_str(), word.as_deref()) {
                ("from", Some("start")) => read.from_start = true,
                ("from", Some("now")) | ("wake", Some("lazy")) => {}
                ("wake", Some("eager")) => read.wake_eagerly = Some(key),
                ("from", _) => sink.push(diag::bad_from(value.tokens())),
                _ => sink.push(diag::bad_wake(value.tokens())),
            }
        }
        read
    }
}

fn read_parts(
    parts: &[Vec<TokenTree>],
    group: &Group,
    whole: &[TokenTree],
    sink: &mut Sink,
) -> Option<Channel> {
    match parts {
        [channel] => match channel.as_slice() {
            [TokenTree::Literal(channel)] => channel_of(channel, whole, sink),
            _ => not_an_entry(channel, group, sink),
        },
        [channel, handler] => match channel.as_slice() {
            [TokenTree::Literal(channel)] => {
                let handler = read_handler(handler, group, sink);
                // The channel is checked even if the handler is no good.
                let channel = channel_of(channel, whole, sink)?;
                Some(Channel { handler: Some(handler?), ..channel })
            }
            _ => not_an_entry(channel, group, sink),
        },
        [_, _, third, ..] => not_an_entry(third, group, sink),
        [] => not_an_entry(&[], group, sink),
    }
}

fn not_an_entry(part: &[TokenTree], group: &Group, sink: &mut Sink) -> Option<Channel> {
    let tokens: TokenStream = part.iter().cloned().collect();
    let tokens = if tokens.is_empty() { TokenTree::Group(group.clone()).into() } else { tokens };
    sink.push(diag::not_a_channel_entry(tokens));
    None
}

fn channel_of(literal: &Literal, entry: &[TokenTree], sink: &mut Sink) -> Option<Channel> {
    let Some(pattern) = text_of(literal) else {
        sink.push(diag::not_a_channel_entry(entry.iter().cloned().collect::<TokenStream>()));
        return None;
    };
    if let Err(fault) = grammar::check_pattern(&pattern) {
        sink.push(diag::bad_channel(literal, &pattern, fault));
        return None;
    }
    let literal = literal.clone();
    Some(Channel { pattern, literal, handler: None, from_start: false, wake_eagerly: None })
}

fn read_handler(handler: &[TokenTree], group: &Group, sink: &mut Sink) -> Option<Name> {
    match handler {
        [TokenTree::Ident(name)] => Some(Name { text: plain(name), token: name.clone().into() }),
        [TokenTree::Literal(literal)] => {
            if let Some(text) = text_of(literal) {
                return Some(Name { text, token: literal.clone().into() });
            }
            not_an_entry(handler, group, sink);
            None
        }
        [.., TokenTree::Punct(colon), TokenTree::Ident(name)] if colon.as_char() == ':' => {
            let tokens: TokenStream = handler.iter().cloned().collect();
            sink.push(diag::handler_is_a_path(tokens, &name.to_string()));
            None
        }
        _ => {
            not_an_entry(handler, group, sink);
            None
        }
    }
}
