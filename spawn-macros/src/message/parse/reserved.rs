//! `reserved(2, 5..=7, "old_name")`

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Expr, RangeLimits};

use crate::diag::{self, Sink};
use crate::util::arguments::{Value, split, text_of};

/// A part of the list.
pub(crate) struct Reserved {
    pub(crate) what: What,
    /// As it is written.
    pub(crate) tokens: TokenStream,
}

pub(crate) enum What {
    /// From the first to the last, which is left out where the range has no end.
    Tags(i64, Option<i64>),
    Name(String),
}

pub(super) fn parse(value: &Value, sink: &mut Sink) -> Vec<Reserved> {
    let Some(list) = value.group(Delimiter::Parenthesis) else {
        sink.push(diag::bad_reserved(value.tokens()));
        return Vec::new();
    };
    let mut reserved = Vec::new();
    for part in split(list) {
        let tokens: TokenStream = part.iter().cloned().collect();
        match what(&part, &tokens) {
            Some(what) => reserved.push(Reserved { what, tokens }),
            None => sink.push(diag::bad_reserved(tokens)),
        }
    }
    reserved
}

fn what(part: &[TokenTree], tokens: &TokenStream) -> Option<What> {
    if let [TokenTree::Literal(literal)] = part
        && let Some(name) = text_of(literal)
    {
        return Some(What::Name(name));
    }
    let expression = syn::parse2::<Expr>(tokens.clone()).ok()?;
    let Expr::Range(range) = expression else {
        let tag = number(&expression)?;
        return Some(What::Tags(tag, Some(tag)));
    };
    let first = number(&*range.start?)?;
    let last = match (range.end, range.limits) {
        (None, _) => None,
        (Some(end), RangeLimits::HalfOpen(_)) => Some(number(&end)? - 1),
        (Some(last), RangeLimits::Closed(_)) => Some(number(&last)?),
    };
    Some(What::Tags(first, last))
}

/// A literal number, which may be negative.
pub(crate) fn number(value: &Expr) -> Option<i64> {
    match value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => {
            number.base10_parse::<u32>().ok().map(i64::from)
        }
        Expr::Unary(negated) if matches!(negated.op, syn::UnOp::Neg(_)) => {
            number(&negated.expr).map(|number| -number)
        }
        Expr::Group(group) => number(&group.expr),
        Expr::Paren(paren) => number(&paren.expr),
        _ => None,
    }
}
