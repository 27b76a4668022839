//! The `impl` block: its methods with their helper attributes, and everything else token for token.
//!
//! Bodies stay raw tokens, so that an unfinished one hides no diagnostic, and a diagnostic no completion.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, ImplItem, Item, Meta, Path, Signature, Token, Type, Visibility};

use crate::diag::{self, Sink};
use crate::util::{ends_with, spelled};

/// An `impl` block without helper attributes; printed, it is what the user wrote.
pub(crate) struct Block {
    attributes: Vec<Attribute>,
    /// `impl Shop`
    head: TokenStream,
    pub(crate) self_ty: Type,
    items: Vec<Entry>,
    body: Group,
}

/// An item of the block.
enum Entry {
    Method(Box<Method>),
    Other(TokenStream),
}

/// A method, with or without a helper attribute.
pub(crate) struct Method {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) helpers: Vec<Helper>,
    pub(crate) visibility: Visibility,
    defaultness: Option<Token![default]>,
    pub(crate) signature: Signature,
    /// The braces, or a semicolon, which the compiler reports.
    body: TokenTree,
}

/// A helper attribute that was taken from a method.
pub(crate) struct Helper {
    pub(crate) kind: HelperKind,
    pub(crate) attribute: Attribute,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HelperKind {
    Action,
    Init,
}

impl HelperKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Init => "init",
        }
    }

    fn of(path: &Path) -> Option<Self> {
        [Self::Action, Self::Init].into_iter().find(|kind| ends_with(path, kind.name()))
    }
}

impl Block {
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.items.iter().filter_map(|entry| match entry {
            Entry::Method(method) => Some(&**method),
            Entry::Other(_) => None,
        })
    }

    /// What stands in the parentheses of each `#[action(..)]`.
    pub(crate) fn lists_of_actions(&self) -> impl Iterator<Item = &TokenStream> {
        let helpers = self.methods().flat_map(|method| &method.helpers);
        helpers.filter_map(|helper| match &helper.attribute.meta {
            Meta::List(list) if helper.kind == HelperKind::Action => Some(&list.tokens),
            _ => None,
        })
    }
}

/// Takes the block apart. `None` if that cannot be done: it is reported what else stands there, or, if it is Rust at all, the
/// compiler finds the mistake itself.
pub(crate) fn block(tokens: TokenStream, sink: &mut Sink) -> Option<Block> {
    let mut head: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (Some(TokenTree::Group(body)), Ok(parsed)) =
        (head.pop(), parse_head.parse2(head.iter().cloned().collect()))
    else {
        report_other_item(tokens, sink);
        return None;
    };
    check_head(&parsed, sink)?;
    let items = (|input: ParseStream<'_>| parse_items(input, sink)).parse2(body.stream()).ok()?;
    let Head { attributes, start, self_ty, .. } = parsed;
    let attributes = attributes.into_iter().filter(|it| !ends_with(it.path(), "actor")).collect();
    Some(Block { attributes, head: start, self_ty, items, body })
}

/// What stands before the braces.
struct Head {
    attributes: Vec<Attribute>,
    /// All of it but the attributes.
    start: TokenStream,
    generics: Generics,
    trait_: Option<Path>,
    self_ty: Type,
}

fn parse_head(input: ParseStream<'_>) -> syn::Result<Head> {
    let attributes = Attribute::parse_outer(input)?;
    let start: TokenStream = input.fork().parse()?;
    // Of an inherent `impl`, the compiler says what is wrong with it.
    input.parse::<Option<Token![unsafe]>>()?;
    input.parse::<Token![impl]>()?;
    let mut generics: Generics = input.parse()?;
    let first: Type = input.parse()?;
    let (trait_, self_ty) = match (input.parse::<Option<Token![for]>>()?, first) {
        (Some(_), Type::Path(path)) => (Some(path.path), input.parse()?),
        (Some(token), _) => return Err(syn::Error::new(token.span, "not a trait")),
        (None, first) => (None, first),
    };
    generics.where_clause = input.parse()?;
    Ok(Head { attributes, start, generics, trait_, self_ty })
}

fn check_head(head: &Head, sink: &mut Sink) -> Option<()> {
    for attribute in head.attributes.iter().filter(|it| ends_with(it.path(), "actor")) {
        sink.push(diag::actor_given_twice(attribute.path()));
    }
    let diagnostic = if let Some(path) = &head.trait_ {
        diag::actor_on_trait_impl(path, &spelled(&head.self_ty))
    } else if !head.generics.params.is_empty() {
        diag::actor_is_generic(&head.generics)
    } else if let Some(where_clause) = &head.generics.where_clause {
        diag::actor_is_generic(where_clause)
    } else {
        return Some(());
    };
    sink.push(diagnostic);
    None
}

/// Says what `#[actor]` was put on, if it is an item that belongs to the language.
fn report_other_item(tokens: TokenStream, sink: &mut Sink) {
    let Ok(item) = syn::parse2::<Item>(tokens) else { return };
    let example = || "Shop".to_owned();
    let (keyword, what, ty) = match &item {
        Item::Struct(item) => {
            (item.struct_token.to_token_stream(), "a struct", item.ident.to_string())
        }
        Item::Enum(item) => (item.enum_token.to_token_stream(), "an enum", item.ident.to_string()),
        Item::Union(item) => {
            (item.union_token.to_token_stream(), "a union", item.ident.to_string())
        }
        Item::Fn(item) => (item.sig.fn_token.to_token_stream(), "a function", example()),
        Item::Mod(item) => (item.mod_token.to_token_stream(), "a module", example()),
        Item::Trait(item) => (item.trait_token.to_token_stream(), "a trait", example()),
        Item::Type(item) => {
            (item.type_token.to_token_stream(), "a type alias", item.ident.to_string())
        }
        // An `impl` that is Rust, but not for us, such as a negative one.
        Item::Impl(item) => (item.impl_token.to_token_stream(), "this one", example()),
        other => (other.to_token_stream(), "this item", example()),
    };
    sink.push(diag::actor_on_other_item(keyword, what, &ty));
}

fn parse_items(input: ParseStream<'_>, sink: &mut Sink) -> syn::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while !input.is_empty() {
        let (attributes, helpers) = split_helpers(Attribute::parse_outer(input)?);
        let is_method = {
            let ahead = input.fork();
            ahead.parse::<Visibility>().is_ok()
                && ahead.parse::<Option<Token![default]>>().is_ok()
                && ahead.parse::<Signature>().is_ok()
        };
        if is_method {
            entries.push(Entry::Method(Box::new(Method {
                attributes,
                helpers,
                visibility: input.parse()?,
                defaultness: input.parse()?,
                signature: input.parse()?,
                body: input.parse()?,
            })));
        } else {
            for helper in &helpers {
                sink.push(diag::helper_on_other_item(&helper.attribute, helper.kind.name()));
            }
            let item: ImplItem = input.parse()?;
            entries.push(Entry::Other(quote!(#(#attributes)* #item)));
        }
    }
    Ok(entries)
}

fn split_helpers(attributes: Vec<Attribute>) -> (Vec<Attribute>, Vec<Helper>) {
    let mut helpers = Vec::new();
    let mut others = Vec::new();
    for attribute in attributes {
        match HelperKind::of(attribute.path()) {
            Some(kind) => helpers.push(Helper { kind, attribute }),
            None => others.push(attribute),
        }
    }
    (others, helpers)
}

impl Method {
    /// The tokens of the body.
    pub(crate) fn body(&self) -> TokenStream {
        self.body.to_token_stream()
    }
}

impl ToTokens for Block {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        self.head.to_tokens(tokens);
        let items = &self.items;
        let mut body = Group::new(Delimiter::Brace, quote!(#(#items)*));
        body.set_span(self.body.span());
        tokens.append(body);
    }
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Method(method) => method.to_tokens(tokens),
            Self::Other(item) => item.to_tokens(tokens),
        }
    }
}

/// Lints against a shape that the DSL asks for: a payload by value, a resource by reference, a receiver in any case, no `const`.
const SHAPE_LINTS: &str = "clippy::needless_pass_by_value, clippy::ptr_arg, clippy::trivially_copy_pass_by_ref, clippy::unused_self, \
     clippy::unused_async, clippy::must_use_candidate, clippy::missing_const_for_fn";

impl ToTokens for Method {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if !self.helpers.is_empty() {
            let lints: TokenStream = SHAPE_LINTS.parse().unwrap_or_default();
            tokens.append_all(quote_spanned!(Span::mixed_site()=> #[allow(#lints)]));
        }
        tokens.append_all(&self.attributes);
        self.visibility.to_tokens(tokens);
        self.defaultness.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}
