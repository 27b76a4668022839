//! What was written: the arguments, and a struct or an enum with the helper attributes of its fields taken away.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Attribute, Fields, Generics, Item, ItemEnum, ItemStruct, Path};

use crate::diag::{self, Sink};
use crate::util::arguments::{self, Accepts, Value, parse as parse_arguments, split, text_of};
use crate::util::ends_with;

const MESSAGE: Accepts = Accepts {
    place: "`#[message]`",
    keys: &[
        ("name", "name = \"shop.OrderCreated\""),
        ("reserved", "reserved(2, 5..=7, \"old_name\")"),
        ("crate", "crate = my_name_for_spawn"),
    ],
};

const FIELD: Accepts = Accepts { place: "`#[message]` on a field", keys: &[("tag", "tag = 3")] };

/// A struct or an enum under `#[message]`.
pub(crate) struct Parsed {
    pub(crate) name: Option<(String, TokenStream)>,
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) krate: Option<Path>,
    pub(crate) item: MessageItem,
}

/// A part of `reserved(..)`.
pub(crate) enum Reserved {
    Tags(u32, u32),
    Name(String),
}

pub(crate) enum MessageItem {
    Struct(Box<ItemStruct>, Vec<Tag>),
    Enum(Box<ItemEnum>),
}

/// The tag that is written at a field.
pub(crate) type Tag = Option<(Option<u32>, TokenStream)>;

pub(crate) fn parse(arguments: TokenStream, item: TokenStream, sink: &mut Sink) -> Option<Parsed> {
    // What is no Rust, the compiler reports.
    let item = syn::parse2::<Item>(item).ok()?;
    let item = match item {
        Item::Struct(mut item) => {
            let generics = reject_generics(&item.generics, sink);
            if let Fields::Unnamed(fields) = &item.fields {
                sink.push(diag::message_is_a_tuple(fields));
                return None;
            }
            generics?;
            let tags = item.fields.iter_mut().map(|field| tag(&mut field.attrs, sink)).collect();
            MessageItem::Struct(Box::new(item), tags)
        }
        Item::Enum(item) => {
            reject_generics(&item.generics, sink)?;
            MessageItem::Enum(Box::new(item))
        }
        other => {
            let (keyword, what) = keyword(&other);
            sink.push(diag::message_on_other_item(keyword, what));
            return None;
        }
    };
    let mut parsed = Parsed { name: None, reserved: Vec::new(), krate: None, item };
    for argument in parse_arguments(arguments, &MESSAGE, sink) {
        let value = &argument.value;
        match argument.key.to_string().as_str() {
            "name" => {
                if value.string().is_none() {
                    sink.push(diag::not_a_string(value.tokens(), "name", "shop.OrderCreated"));
                }
                let name = value.string().unwrap_or_else(|| parsed.ident().to_string());
                parsed.name = Some((name, value.tokens()));
            }
            "reserved" => parsed.reserved = reserved(value, sink),
            _ => match Path::parse_mod_style.parse2(value.tokens()) {
                Ok(path) => parsed.krate = Some(path),
                Err(_) => sink.push(diag::not_a_path(value.tokens())),
            },
        }
    }
    Some(parsed)
}

impl Parsed {
    pub(crate) fn ident(&self) -> &Ident {
        match &self.item {
            MessageItem::Struct(item, _) => &item.ident,
            MessageItem::Enum(item) => &item.ident,
        }
    }
}

fn reject_generics(generics: &Generics, sink: &mut Sink) -> Option<()> {
    if !generics.params.is_empty() {
        sink.push(diag::message_is_generic(generics));
        return None;
    }
    if let Some(where_clause) = &generics.where_clause {
        sink.push(diag::message_is_generic(where_clause));
        return None;
    }
    Some(())
}

fn keyword(item: &Item) -> (TokenStream, &'static str) {
    match item {
        Item::Union(item) => (item.union_token.to_token_stream(), "a union"),
        Item::Fn(item) => (item.sig.fn_token.to_token_stream(), "a function"),
        Item::Mod(item) => (item.mod_token.to_token_stream(), "a module"),
        Item::Trait(item) => (item.trait_token.to_token_stream(), "a trait"),
        Item::Type(item) => (item.type_token.to_token_stream(), "a type alias"),
        Item::Impl(item) => (item.impl_token.to_token_stream(), "an `impl` block"),
        other => (quote!(#other), "this item"),
    }
}

/// `#[message(tag = 3)]`, taken from the attributes of a field.
fn tag(attributes: &mut Vec<Attribute>, sink: &mut Sink) -> Tag {
    let mut tag = None;
    attributes.retain(|attribute| {
        if !ends_with(attribute.path(), "message") {
            return true;
        }
        let tokens = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        for argument in arguments::parse(tokens, &FIELD, sink) {
            let number = argument.value.number().and_then(|tag| u32::try_from(tag).ok());
            tag = Some((number, argument.value.tokens()));
        }
        false
    });
    tag
}

/// `reserved(2, 5..=7, "old_name")`
fn reserved(value: &Value, sink: &mut Sink) -> Vec<Reserved> {
    let Some(list) = value.group(Delimiter::Parenthesis) else {
        sink.push(diag::bad_reserved(value.tokens()));
        return Vec::new();
    };
    let mut reserved = Vec::new();
    for part in split(list) {
        match reserved_part(&part) {
            Some(part) => reserved.push(part),
            None => sink.push(diag::bad_reserved(part.into_iter().collect::<TokenStream>())),
        }
    }
    reserved
}

fn reserved_part(part: &[TokenTree]) -> Option<Reserved> {
    if let [TokenTree::Literal(literal)] = part
        && let Some(name) = text_of(literal)
    {
        return Some(Reserved::Name(name));
    }
    let tokens: TokenStream = part.iter().cloned().collect();
    match syn::parse2::<syn::Expr>(tokens).ok()? {
        syn::Expr::Lit(tag) => {
            let tag = number(&tag.lit)?;
            Some(Reserved::Tags(tag, tag))
        }
        syn::Expr::Range(range) => {
            let (syn::Expr::Lit(first), syn::Expr::Lit(last)) = (&*range.start?, &*range.end?)
            else {
                return None;
            };
            let (first, last) = (number(&first.lit)?, number(&last.lit)?);
            let last = match range.limits {
                syn::RangeLimits::HalfOpen(_) => last.checked_sub(1)?,
                syn::RangeLimits::Closed(_) => last,
            };
            Some(Reserved::Tags(first, last))
        }
        _ => None,
    }
}

fn number(literal: &syn::Lit) -> Option<u32> {
    match literal {
        syn::Lit::Int(number) => number.base10_parse().ok(),
        _ => None,
    }
}
