//! An enum with data.

use syn::{Fields, ItemEnum};

use super::tags::{Numbering, ReservedTags};
use super::{encoding, meant, types};
use crate::diag::{self, Sink};
use crate::message::model::{Field, Form};
use crate::message::parse::{Options, derived};
use crate::util::ungroup;

pub(super) fn check(
    item: &mut ItemEnum,
    options: &[Options],
    reserved: &ReservedTags,
    sink: &mut Sink,
) -> Vec<Field> {
    let mut numbering = Numbering::new(options, reserved);
    let mut variants = Vec::new();
    for (variant, options) in item.variants.iter_mut().zip(options) {
        let before = sink.len();
        if let Some((_, number)) = variant.discriminant.take() {
            sink.push(diag::number_of_variant_with_data(&number));
        }
        let (form, ty) = match &mut variant.fields {
            Fields::Unit => (Form::Unit, syn::parse_quote!(())),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let ty = &mut fields.unnamed[0].ty;
                types::check_variant(ty, sink);
                types::own(ty);
                (Form::Variant, meant(ty, &item.ident))
            }
            fields => {
                sink.push(diag::variant_is_not_one_value(&*fields, &variant.ident));
                (Form::Unknown, syn::parse_quote!(()))
            }
        };
        if form == Form::Unit
            && let Some(encoding) = &options.numbers
        {
            sink.push(diag::encoding_of_unit(encoding));
        }
        let reported = sink.len() > before;
        variants.push(Field {
            tag: numbering.tag(&variant.ident, options, sink),
            ident: variant.ident.clone(),
            ty,
            form,
            encoding: encoding(options),
            reported,
        });
    }
    check_default(item, sink);
    variants
}

/// The first variant is the default, unless another one is derived.
fn check_default(item: &ItemEnum, sink: &mut Sink) {
    if derived(&item.attrs).iter().any(|name| name == "Default") {
        return;
    }
    let Some(first) = item.variants.first() else { return };
    if let Fields::Unnamed(fields) = &first.fields
        && let Some(field) = fields.unnamed.first()
        && types::is_boxed(ungroup(&field.ty), &item.ident)
    {
        sink.push(diag::default_is_endless(&field.ty));
    }
}
