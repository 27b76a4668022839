//! The cases of `tests/ui`, expanded here, where it can be seen which diagnostics they meet and what becomes of them with a token missing.

mod coverage;
mod fuzz;

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::diag::Sink;
use crate::pipeline::Expand;
use crate::{actor, marker, message};

/// An attribute of ours, what stands in its parentheses, and the item that it is on.
#[derive(Clone)]
struct Use {
    attribute: &'static str,
    arguments: TokenStream,
    item: TokenStream,
}

impl Use {
    /// The expansion without its errors, which are in the sink.
    fn expand(&self, sink: &mut Sink) -> TokenStream {
        let expand: Expand = match self.attribute {
            "actor" => actor::expand,
            "message" => message::expand,
            "action" => |_, item, sink| marker::outside("action", item, sink),
            _ => |_, item, sink| marker::outside("init", item, sink),
        };
        expand(self.arguments.clone(), self.item.clone(), sink)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder of `tests/ui`, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for theme in fs::read_dir(root().join("tests/ui").join(folder)).unwrap() {
        let theme = theme.unwrap().path();
        if theme.is_dir() {
            let entries = fs::read_dir(theme).unwrap().map(|entry| entry.unwrap().path());
            files.extend(entries.filter(|path| path.extension().is_some_and(|it| it == "rs")));
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no files in tests/ui/{folder}");
    files
}

/// `fail/place/on_struct`
fn short(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len() - 3..].join("/").trim_end_matches(".rs").to_owned()
}

/// The uses of our attributes in a file, also in functions and modules.
fn uses(path: &Path) -> Vec<Use> {
    let text = fs::read_to_string(path).unwrap();
    let tokens: TokenStream =
        text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut uses = Vec::new();
    collect(tokens, &mut uses);
    uses
}

fn collect(tokens: TokenStream, uses: &mut Vec<Use>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut place = 0;
    while place < tokens.len() {
        if let Some((attribute, arguments)) = attribute(&tokens[place..]) {
            let end = end_of_item(&tokens, place + 2);
            let item: TokenStream = tokens[place + 2..end].iter().cloned().collect();
            uses.push(Use { attribute, arguments, item });
            place = end;
        } else {
            // The body of a `macro_rules` has no items yet.
            let is_macro = place >= 2
                && matches!(&tokens[place - 1], TokenTree::Ident(_) | TokenTree::Punct(_))
                && tokens[..place].iter().rev().take(3).any(|it| it.to_string() == "macro_rules");
            if let (TokenTree::Group(group), false) = (&tokens[place], is_macro) {
                collect(group.stream(), uses);
            }
            place += 1;
        }
    }
}

/// `#[actor(..)]`, `#[spawn::message(..)]`
fn attribute(tokens: &[TokenTree]) -> Option<(&'static str, TokenStream)> {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else { return None };
    if hash.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    let (path, arguments) = match inner.split_last()? {
        (TokenTree::Group(arguments), path) => (path, arguments.stream()),
        _ => (&inner[..], TokenStream::new()),
    };
    let TokenTree::Ident(name) = path.last()? else { return None };
    let known = ["actor", "message", "action", "init"].into_iter().find(|known| name == known)?;
    Some((known, arguments))
}

/// Past the braces or the semicolon that end the item which begins at `start`.
fn end_of_item(tokens: &[TokenTree], start: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    tokens[start..].iter().position(ends).map_or(tokens.len(), |place| start + place + 1)
}

/// The tokens on one level, with the delimiters of groups among them.
fn flat(tokens: TokenStream) -> Vec<String> {
    fn add(tokens: TokenStream, flat: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    flat.push(open.to_owned());
                    add(group.stream(), flat);
                    flat.push(close.to_owned());
                }
                token => flat.push(token.to_string()),
            }
        }
    }
    let mut found = Vec::new();
    add(tokens, &mut found);
    found
}
