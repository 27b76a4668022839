//! Messages and their fields.

use proc_macro2::Ident;
use quote::ToTokens;

use crate::diag::Diagnostic;

pub(crate) fn message_on_other_item(keyword: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(keyword, format!("`#[message]` goes on a struct or an enum, not on {what}"))
}

pub(crate) fn message_without_name(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        format!("a message has a name\nhelp: write `#[message(name = \"my_package.{ident}\")]`"),
    )
}

pub(crate) fn bad_message_name(value: impl ToTokens, name: &str, why: &str) -> Diagnostic {
    let message = if name.is_empty() {
        "a message's name cannot be empty".to_owned()
    } else {
        format!("the message name `{name}` {why}")
    };
    Diagnostic::over(value, format!("{message}\nhelp: write `name = \"shop.OrderCreated\"`"))
}

pub(crate) fn message_is_generic(generics: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        generics,
        "a message is one concrete type, so it has no generic parameters\n\
         help: write a struct for each type that is meant",
    )
}

pub(crate) fn message_is_a_tuple(fields: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        fields,
        "the fields of a message have names\nhelp: write `struct Order { id: String, .. }`",
    )
}

pub(crate) fn enum_with_data(fields: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        fields,
        "the variants of an enumeration have no data\n\
         help: use a struct with an `Option` field for each, or leave the data away",
    )
}

pub(crate) fn enum_is_empty(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        "an enumeration has at least one variant, which is its default\nhelp: add one, as in `Unspecified`",
    )
}

pub(crate) fn enum_without_zero(variant: &Ident) -> Diagnostic {
    Diagnostic::at(
        variant.span(),
        "no variant of the enumeration is 0, which is what a missing field means\n\
         help: make the first one `= 0`, or put `Unspecified` before it",
    )
}

pub(crate) fn enum_value_unknown(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(value, "the value of a variant is a literal number within the range of `i32`")
}

pub(crate) fn field_type(ty: impl ToTokens, written: &str, instead: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!("`{written}` cannot be a field of a message\nhelp: write `{instead}`"),
    )
}

pub(crate) fn field_is_borrowed(ty: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(ty, format!("a message owns its fields\nhelp: write `{owned}`"))
}

pub(crate) fn field_is_nested(ty: impl ToTokens, outer: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!(
            "a field cannot be a collection or an `Option` inside of `{outer}`\n\
             help: put it in a message of its own"
        ),
    )
}

pub(crate) fn tag_out_of_range(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "a tag is a number from 1 to 536870911, but not from 19000 to 19999\n\
         note: that is the range of the encoding, whose own numbers are left out",
    )
}

pub(crate) fn tag_given_twice(value: impl ToTokens, tag: u32, first: &Ident) -> Diagnostic {
    Diagnostic::over(value, format!("the tag {tag} is already that of `{first}`"))
}

pub(crate) fn tag_is_reserved(value: impl ToTokens, tag: u32) -> Diagnostic {
    Diagnostic::over(
        value,
        format!(
            "the tag {tag} is reserved\n\
             note: an older program used it for another field; choose one that was never used"
        ),
    )
}

pub(crate) fn field_name_is_reserved(field: &Ident) -> Diagnostic {
    Diagnostic::at(
        field.span(),
        format!(
            "the field name `{field}` is reserved\n\
             note: an older program used it for another field; choose one that was never used"
        ),
    )
}

pub(crate) fn some_tags(field: &Ident, next: u32) -> Diagnostic {
    Diagnostic::at(
        field.span(),
        format!(
            "either every field has a tag, or none has\n\
             help: write `#[message(tag = {next})]` above `{field}`"
        ),
    )
}

pub(crate) fn bad_reserved(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`reserved` is a list of tags, ranges of tags and names\n\
         help: write `reserved(2, 5..=7, \"old_name\")`",
    )
}
