//! Messages and their fields.

use proc_macro2::Ident;
use quote::ToTokens;

use super::quoted;
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
        format!("the message name `{}` {why}", quoted(name))
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

pub(crate) fn enum_is_empty(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        "an enum under `#[message]` has at least one variant, which is its default\nhelp: add one, as in `Unspecified`",
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

pub(crate) fn enum_derives_default(default: &Ident) -> Diagnostic {
    Diagnostic::at(
        default.span(),
        "the default of an enumeration is the variant that is 0, which is what a missing field means\n\
         help: leave `Default` out, and make the variant that is meant `= 0`",
    )
}

pub(crate) fn attribute_on_enumeration(attribute: impl ToTokens, variant: &Ident) -> Diagnostic {
    Diagnostic::over(
        attribute,
        format!(
            "a variant without data is told by its number, and has neither tag nor encoding\n\
             help: write `{variant} = 3`"
        ),
    )
}

pub(crate) fn number_is_reserved(value: impl ToTokens, number: i32) -> Diagnostic {
    Diagnostic::over(
        value,
        format!(
            "the number {number} is reserved\n\
             note: an older program used it for another variant; choose one that was never used"
        ),
    )
}

pub(crate) fn variant_name_is_reserved(variant: &Ident) -> Diagnostic {
    Diagnostic::at(
        variant.span(),
        format!(
            "the name `{variant}` is reserved\n\
             note: an older program used it for another variant; choose one that was never used"
        ),
    )
}

pub(crate) fn variant_is_not_one_value(fields: impl ToTokens, variant: &Ident) -> Diagnostic {
    Diagnostic::over(
        fields,
        format!(
            "a variant of a message holds one value, or nothing\n\
             help: make a message of what it holds, and write `{variant}({variant})`"
        ),
    )
}

pub(crate) fn variant_is_collection(ty: impl ToTokens, outer: &Ident) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!(
            "a variant holds one value, which is no `{outer}`\n\
             help: put it in a message of its own"
        ),
    )
}

pub(crate) fn number_of_variant_with_data(number: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        &number,
        format!(
            "the variants of an enum with data are told apart by tags, not by numbers\n\
             help: write `#[message(tag = {})]` above it",
            number.to_token_stream()
        ),
    )
}

pub(crate) fn default_is_endless(ty: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        ty,
        "the first variant is the default of the enum, so that it cannot hold the enum again\n\
         help: put another variant first, or derive `Default` below `#[message]`",
    )
}

pub(crate) fn encoding_of_unit(encoding: &Ident) -> Diagnostic {
    Diagnostic::at(
        encoding.span(),
        format!(
            "`{encoding}` is an encoding of numbers, and this variant holds none\nhelp: take it away"
        ),
    )
}

pub(crate) fn oneof_is_repeated(ty: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        ty,
        "a `oneof` is one value or none, not many\n\
         help: take `oneof` away; then each element is a message of its own",
    )
}

pub(crate) fn tag_of_oneof(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "a `oneof` has the tags of its variants, and none itself\n\
         help: take `tag` away here, and write the tags above the variants",
    )
}

pub(crate) fn encoding_of_oneof(encoding: &Ident) -> Diagnostic {
    Diagnostic::at(
        encoding.span(),
        "the encoding of a `oneof` is said at its variants\nhelp: write it above the variant that it is for",
    )
}

pub(crate) fn empty_attribute(attribute: impl ToTokens, place: &str) -> Diagnostic {
    Diagnostic::over(
        attribute,
        format!("{place} says something of it, in parentheses\nhelp: write `#[message(tag = 3)]`"),
    )
}

pub(crate) fn two_encodings(second: &Ident, first: &Ident) -> Diagnostic {
    Diagnostic::at(
        second.span(),
        format!("a field has one encoding, and this one has `{first}`\nhelp: take one away"),
    )
}

pub(crate) fn bad_keys(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(value, "`keys` is `sint` or `fixed`\nhelp: write `keys = sint`")
}

pub(crate) fn field_type(ty: impl ToTokens, written: &str, instead: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!("`{written}` cannot be a field of a message\nhelp: write `{instead}`"),
    )
}

pub(crate) fn field_is_a_tuple(ty: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        ty,
        "a tuple cannot be a field of a message\nhelp: make a message of it, whose fields have names",
    )
}

pub(crate) fn field_is_endless(ty: impl ToTokens, written: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!(
            "a message that is always there cannot hold itself, since that never ends\n\
             help: write `Option<{written}>`"
        ),
    )
}

pub(crate) fn bad_key(ty: impl ToTokens, written: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!(
            "`{written}` cannot be the key of a map in a message\n\
             note: the keys are `String`, `bool`, `i32`, `i64`, `u32` or `u64`"
        ),
    )
}

pub(crate) fn field_is_borrowed(ty: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(ty, format!("a message owns its fields\nhelp: write `{owned}`"))
}

pub(crate) fn field_is_nested(ty: impl ToTokens, outer: &Ident) -> Diagnostic {
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
    Diagnostic::over(
        value,
        format!("the tag {tag} is already that of `{first}`\nhelp: choose one that was never used"),
    )
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

pub(crate) fn some_tags(field: &Ident, next: u32, has_oneof: bool) -> Diagnostic {
    let rule = if has_oneof {
        "a message with a `oneof` says all its tags, since the variants have tags too"
    } else {
        "either all have a tag, or none has"
    };
    Diagnostic::at(
        field.span(),
        format!("{rule}\nhelp: write `#[message(tag = {next})]` above `{field}`"),
    )
}

pub(crate) fn no_tag_left(field: &Ident) -> Diagnostic {
    Diagnostic::at(
        field.span(),
        format!(
            "no tag is left for `{field}`, since all that follow are reserved\n\
             help: write a tag that is not above every field, or give the range in `reserved` an end"
        ),
    )
}

pub(crate) fn bad_reserved(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`reserved` is a list of numbers, ranges of numbers and names\n\
         help: write `reserved(2, 5..=7, \"old_name\")`",
    )
}

pub(crate) fn reserved_tag_out_of_range(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(tokens, "a tag that can be reserved is a number from 1 to 536870911")
}

pub(crate) fn reserved_number_out_of_range(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(tokens, "the number of a variant is within the range of `i32`")
}

pub(crate) fn empty_range(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        tokens,
        "the range has no number in it\nhelp: write the smaller number first, as in `5..=7`",
    )
}

pub(crate) fn tag_reserved_twice(tokens: impl ToTokens, number: i64) -> Diagnostic {
    Diagnostic::over(tokens, format!("{number} is reserved twice\nhelp: take one away"))
}

pub(crate) fn name_reserved_twice(tokens: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(tokens, format!("`{name}` is reserved twice\nhelp: take one away"))
}
