//! An enum without data.

use syn::ItemEnum;

use super::tags::ReservedTags;
use crate::diag::{self, Sink};
use crate::message::model::Variant;
use crate::message::parse::{derived, number};

pub(super) fn check(item: &ItemEnum, reserved: &ReservedTags, sink: &mut Sink) -> Vec<Variant> {
    let before = sink.len();
    let mut variants: Vec<Variant> = Vec::new();
    let mut next = Some(0_i32);
    for variant in &item.variants {
        let ident = &variant.ident;
        let value = match &variant.discriminant {
            None => next,
            Some((_, value)) => {
                let read = number(value).and_then(|number| i32::try_from(number).ok());
                if read.is_none() {
                    sink.push(diag::enum_value_unknown(value));
                }
                read
            }
        };
        // What follows a number that is not known is not known either.
        next = value.and_then(|value| value.checked_add(1));
        variants.push(Variant { ident: ident.clone(), value });
        if let Some(value) = value
            && reserved.has_number(value)
        {
            match &variant.discriminant {
                Some((_, written)) => sink.push(diag::number_is_reserved(written, value)),
                None => sink.push(diag::number_is_reserved(ident, value)),
            }
        }
        if reserved.has_name(ident) {
            sink.push(diag::variant_name_is_reserved(ident));
        }
    }
    match item.variants.first() {
        None => sink.push(diag::enum_is_empty(&item.ident)),
        Some(first) if sink.len() == before && variants.iter().all(|it| it.value != Some(0)) => {
            sink.push(diag::enum_without_zero(&first.ident));
        }
        Some(_) => {}
    }
    if let Some(default) = derived(&item.attrs).iter().find(|name| **name == "Default") {
        sink.push(diag::enum_derives_default(default));
    }
    variants
}
