//! What was written: the arguments, and a struct or an enum with the helper attributes of its fields taken away.

mod options;
mod reserved;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Fields, Generics, Item, ItemEnum, ItemStruct, Path};

pub(crate) use self::options::{Options, derived};
pub(crate) use self::reserved::{Reserved, What, number};
use crate::diag::{self, Sink};
use crate::util::arguments::{Accepts, parse as parse_arguments};

const MESSAGE: Accepts = Accepts {
    place: "`#[message]`",
    keys: &[
        ("name", "name = \"shop.OrderCreated\""),
        ("reserved", "reserved(2, 5..=7, \"old_name\")"),
        ("crate", "crate = my_name_for_spawn"),
    ],
    others: None,
};

/// A struct or an enum under `#[message]`.
pub(crate) struct Parsed {
    pub(crate) name: Option<(String, TokenStream)>,
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) krate: Option<Path>,
    pub(crate) item: MessageItem,
}

pub(crate) enum MessageItem {
    Struct(Box<ItemStruct>, Vec<Options>),
    /// An enum with data.
    Oneof(Box<ItemEnum>, Vec<Options>),
    /// An enum without data.
    Enum(Box<ItemEnum>),
}

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
            let fields = item.fields.iter_mut();
            let options = fields.map(|field| options::of_field(&mut field.attrs, sink)).collect();
            MessageItem::Struct(Box::new(item), options)
        }
        Item::Enum(mut item) => {
            reject_generics(&item.generics, sink)?;
            let variants = &mut item.variants;
            if variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
                variants.iter_mut().for_each(|variant| options::of_enumeration(variant, sink));
                MessageItem::Enum(Box::new(item))
            } else {
                let variants = variants.iter_mut();
                let options =
                    variants.map(|variant| options::of_variant(&mut variant.attrs, sink)).collect();
                MessageItem::Oneof(Box::new(item), options)
            }
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
            "reserved" => parsed.reserved = reserved::parse(value, sink),
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
            MessageItem::Oneof(item, _) | MessageItem::Enum(item) => &item.ident,
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
