//! The arguments of an attribute, taken apart without a judgement: `key = value` between commas.

use std::borrow::Cow;

use proc_macro2::{Delimiter, Ident, Literal, TokenStream, TokenTree};

use crate::diag::{self, Sink};
use crate::suggest;

/// One argument.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// What stands after the `=`; at least one token. The key itself if it takes no value.
#[derive(Clone)]
pub(crate) struct Value(Vec<TokenTree>);

impl Value {
    /// The tokens.
    pub(crate) fn tokens(&self) -> TokenStream {
        self.0.iter().cloned().collect()
    }

    /// The only token, if there is one only.
    fn single(&self) -> Option<TokenTree> {
        let [token] = self.0.as_slice() else { return None };
        Some(token.clone())
    }

    /// The name, if it is one.
    pub(crate) fn ident(&self) -> Option<Ident> {
        match self.single()? {
            TokenTree::Ident(name) => Some(name),
            _ => None,
        }
    }

    /// The text of a string literal, if it is one.
    pub(crate) fn string(&self) -> Option<String> {
        match self.single()? {
            TokenTree::Literal(literal) => text_of(&literal),
            _ => None,
        }
    }

    /// The number, if it is a whole one without a suffix.
    pub(crate) fn number(&self) -> Option<u64> {
        match self.single()? {
            TokenTree::Literal(literal) => {
                let number: syn::LitInt = syn::parse_str(&literal.to_string()).ok()?;
                number.base10_parse().ok().filter(|_| number.suffix().is_empty())
            }
            _ => None,
        }
    }

    /// The tokens inside the delimiter, if the value is one such group.
    pub(crate) fn group(&self, delimiter: Delimiter) -> Option<TokenStream> {
        match self.single()? {
            TokenTree::Group(group) if group.delimiter() == delimiter => Some(group.stream()),
            _ => None,
        }
    }
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// The text of a string literal.
pub(crate) fn text_of(literal: &Literal) -> Option<String> {
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|literal| literal.value())
}

/// The token inside the invisible parentheses that a `macro_rules` puts around it.
pub(crate) fn bare(token: TokenTree) -> TokenTree {
    if let TokenTree::Group(group) = &token
        && group.delimiter() == Delimiter::None
        && let mut inner = group.stream().into_iter()
        && let (Some(single), None) = (inner.next(), inner.next())
    {
        return bare(single);
    }
    token
}

/// The parts between the commas. There may be a comma at the end; one that ends nothing is a part of its own, to be reported there.
pub(crate) fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    // Commas between the bars of a closure separate its parameters.
    let mut in_bars = false;
    for token in tokens.into_iter().map(bare) {
        in_bars ^= matches!(&token, TokenTree::Punct(bar) if bar.as_char() == '|');
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' && !in_bars => {
                if part.is_empty() {
                    part.push(token);
                }
                parts.push(std::mem::take(&mut part));
            }
            _ => part.push(token),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// What an attribute accepts, for the diagnostics of [`parse`].
pub(crate) struct Accepts {
    /// Where the keys stand, as in `#[actor]`.
    pub(crate) place: &'static str,
    /// The keys, each with an example of its use, which is the key alone if it takes no value.
    pub(crate) keys: &'static [(&'static str, &'static str)],
    /// An example of a key and its value, if the person chooses the keys.
    pub(crate) others: Option<(&'static str, &'static str)>,
}

impl Accepts {
    fn example(&self, key: &str) -> Option<Cow<'static, str>> {
        let known = self.keys.iter().find(|(known, _)| *known == key);
        let other = || self.others.map(|(_, value)| format!("{key} = {value}").into());
        known.map(|(_, example)| (*example).into()).or_else(other)
    }

    /// A key with an example of its use.
    pub(crate) fn first(&self) -> (&'static str, Cow<'static, str>) {
        let known = self.keys.first().or(self.others.as_ref());
        let key = known.map_or("", |(key, _)| key);
        (key, self.example(key).unwrap_or_default())
    }

    /// The key that is probably meant.
    pub(crate) fn nearest(&self, key: &str) -> Option<&'static str> {
        suggest::nearest(key, self.keys.iter().map(|(known, _)| *known))
    }
}

/// The arguments with known keys, each once; everything else is reported.
pub(crate) fn parse(tokens: TokenStream, accepts: &Accepts, sink: &mut Sink) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    for part in split(tokens) {
        for part in at_missing_commas(&part, accepts, sink) {
            let Some(argument) = parse_one(part, accepts, sink) else { continue };
            if arguments.iter().any(|known| known.key == argument.key) {
                sink.push(diag::given_twice(&argument.key));
            } else {
                arguments.push(argument);
            }
        }
    }
    arguments
}

/// `name = "shop" kind = unnamed` are two arguments.
fn at_missing_commas<'a>(
    part: &'a [TokenTree],
    accepts: &Accepts,
    sink: &mut Sink,
) -> Vec<&'a [TokenTree]> {
    let mut arguments = Vec::new();
    let mut start = 0;
    for (place, pair) in part.windows(2).enumerate() {
        if let [TokenTree::Ident(key), TokenTree::Punct(equals)] = pair
            && equals.as_char() == '='
            && accepts.example(&key.to_string()).is_some()
            // After a key, an equals sign and a value.
            && place >= start + 3
        {
            sink.push(diag::missing_comma(key));
            arguments.push(&part[start..place]);
            start = place;
        }
    }
    arguments.push(&part[start..]);
    arguments
}

fn parse_one(part: &[TokenTree], accepts: &Accepts, sink: &mut Sink) -> Option<Argument> {
    let mut tokens = part.iter();
    let key = match tokens.next() {
        Some(TokenTree::Ident(key)) => key.clone(),
        Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => {
            sink.push(diag::empty_argument(comma, accepts.place));
            return None;
        }
        Some(other) => {
            sink.push(diag::not_an_argument(other, accepts));
            return None;
        }
        None => return None,
    };
    let Some(example) = accepts.example(&key.to_string()) else {
        sink.push(diag::unknown_key(&key, accepts));
        return None;
    };
    let is_flag = key == *example;
    match tokens.next() {
        None if is_flag => {
            return Some(Argument { value: Value(vec![TokenTree::Ident(key.clone())]), key });
        }
        Some(_) if is_flag => {
            sink.push(diag::takes_no_value(&key));
            return None;
        }
        Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => {}
        // `kind: named`, as it is written in Elixir.
        Some(TokenTree::Punct(colon)) if colon.as_char() == ':' => {
            sink.push(diag::colon_after_key(&key, colon, &example));
            return None;
        }
        // `reserved(2, 4)`
        Some(list @ TokenTree::Group(_)) if example.ends_with(')') && tokens.len() == 0 => {
            return Some(Argument { key, value: Value(vec![list.clone()]) });
        }
        _ => {
            sink.push(diag::needs_value(&key, &example));
            return None;
        }
    }
    let value: Vec<_> = tokens.cloned().collect();
    if value.is_empty() {
        sink.push(diag::needs_value(&key, &example));
        return None;
    }
    Some(Argument { key, value: Value(value) })
}
