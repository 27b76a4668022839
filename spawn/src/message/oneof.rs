//! Oneofs: an enum whose variants have data is a message with one field of several. As a field under `#[message(oneof)]` its variants are
//! fields of the message around it, as those of a `oneof` in a `.proto` are.

use std::fmt::Debug;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

use super::describe::{Described, Kind};
use super::field::{Field, malformed};
use super::shape;
use super::value::Value;

/// The name and the tag of each variant.
pub type Variants = &'static [(&'static str, u32)];

/// An enum under [`#[message]`](macro@crate::message) whose variants have data.
pub trait Oneof: prost::Message + Described + Clone + Debug + Default + PartialEq {
    /// Its variants.
    const VARIANTS: Variants;
}

#[diagnostic::do_not_recommend]
impl<E: Oneof> Field<{ shape::ONEOF }, { shape::MESSAGE }> for Option<E> {
    const KIND: Kind = Kind::Oneof(E::FIELDS);
    const VARIANTS: Variants = E::VARIANTS;

    fn absent() -> Self {
        None
    }

    fn encode(&self, _tag: u32, buffer: &mut impl BufMut) {
        if let Some(variant) = self {
            variant.encode_raw(buffer);
        }
    }

    fn merge(
        &mut self,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.get_or_insert_default().merge_field(tag, wire, buffer, context)
    }

    fn length(&self, _tag: u32) -> usize {
        self.as_ref().map_or(0, E::encoded_len)
    }
}

/// What a variant holds is written even if it is the default, since it says which variant it is.
#[diagnostic::do_not_recommend]
impl<T: Value<OF>, const OF: u8> Field<{ shape::VARIANT }, OF> for T {
    const KIND: Kind = T::KIND;

    fn absent() -> Self {
        Value::absent()
    }

    fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
        Value::encode(self, tag, buffer);
    }

    fn merge(
        &mut self,
        _tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        Value::merge(self, wire, buffer, context)
    }

    fn length(&self, tag: u32) -> usize {
        Value::length(self, tag)
    }
}

/// Whether one of the variants has the tag.
pub const fn has_tag(variants: Variants, tag: u32) -> bool {
    let mut at = 0;
    while at < variants.len() {
        if variants[at].1 == tag {
            return true;
        }
        at += 1;
    }
    false
}

/// The tag that a oneof is sorted by: its smallest.
pub const fn first_tag(variants: Variants) -> u32 {
    let mut first = u32::MAX;
    let mut at = 0;
    while at < variants.len() {
        if variants[at].1 < first {
            first = variants[at].1;
        }
        at += 1;
    }
    first
}

/// In which order fields with these tags are written.
pub const fn sorted<const N: usize>(tags: [u32; N]) -> [usize; N] {
    let mut order = [0; N];
    let mut at = 0;
    while at < N {
        let mut place = at;
        while place > 0 && tags[order[place - 1]] > tags[at] {
            order[place] = order[place - 1];
            place -= 1;
        }
        order[place] = at;
        at += 1;
    }
    order
}

/// Compiles if no variant has a tag of the other fields or a reserved one. The others are the message's own fields, without a name, and
/// the oneofs that stand before this one.
///
/// # Panics
/// While it compiles, if one has.
#[track_caller]
pub const fn assert_tags(variants: Variants, others: &[(&str, Variants)], reserved: &[(u32, u32)]) {
    let mut at = 0;
    while at < variants.len() {
        let (name, tag) = variants[at];
        let mut other = 0;
        while other < others.len() {
            let (oneof, fields) = others[other];
            let mut field = 0;
            while field < fields.len() {
                let (first, first_tag) = fields[field];
                if first_tag == tag {
                    let place = if oneof.is_empty() { "" } else { "` in `" };
                    Text::new()
                        .text("the variant `")
                        .text(name)
                        .text("` has the tag ")
                        .number(tag)
                        .text(", which is already that of `")
                        .text(first)
                        .text(place)
                        .text(oneof)
                        .text("`; give one of them another tag")
                        .panic();
                }
                field += 1;
            }
            other += 1;
        }
        let mut range = 0;
        while range < reserved.len() {
            if reserved[range].0 <= tag && tag <= reserved[range].1 {
                Text::new()
                    .text("the variant `")
                    .text(name)
                    .text("` has the tag ")
                    .number(tag)
                    .text(", which is reserved here; choose one that was never used")
                    .panic();
            }
            range += 1;
        }
        at += 1;
    }
}

/// A text that is put together while the program compiles. What does not fit is left away.
struct Text {
    bytes: [u8; 400],
    length: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 400], length: 0 }
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.length + text.len() <= self.bytes.len() {
            let mut at = 0;
            while at < text.len() {
                self.bytes[self.length] = text[at];
                self.length += 1;
                at += 1;
            }
        }
        self
    }

    const fn number(mut self, number: u32) -> Self {
        if number >= 10 {
            self = self.number(number / 10);
        }
        let digit = [b'0' + (number % 10) as u8];
        match std::str::from_utf8(&digit) {
            Ok(digit) => self.text(digit),
            Err(_) => self,
        }
    }

    #[track_caller]
    const fn panic(&self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("a variant has a tag that is taken"),
        }
    }
}

/// What a oneof says to a tag that is none of its variants': a newer program may have written it, and there is nothing that it
/// could be taken for.
pub fn unknown_variant() -> DecodeError {
    malformed("a variant that this program does not know")
}

#[cfg(test)]
mod tests {
    use super::{assert_tags, first_tag, has_tag, sorted};

    #[test]
    fn fields_are_written_by_their_tags() {
        assert_eq!(sorted([5, 1, 4, 4, 2]), [1, 4, 2, 3, 0]);
        assert_eq!(sorted([]), [0_usize; 0]);
        assert_eq!(first_tag(&[("a", 7), ("b", 3)]), 3);
        assert!(has_tag(&[("a", 7)], 7) && !has_tag(&[("a", 7)], 3));
    }

    #[test]
    fn a_tag_that_others_have_is_free() {
        assert_tags(
            &[("a", 4), ("b", 8)],
            &[("", &[("c", 3)]), ("e", &[("d", 5)])],
            &[(1, 2), (6, 7)],
        );
    }

    #[test]
    #[should_panic(
        expected = "the variant `b` has the tag 1203, which is already that of `d` in `e`"
    )]
    fn a_tag_has_one_field() {
        assert_tags(&[("a", 4), ("b", 1203)], &[("", &[("c", 3)]), ("e", &[("d", 1203)])], &[]);
    }

    #[test]
    #[should_panic(expected = "the variant `b` has the tag 7, which is reserved here")]
    fn a_reserved_tag_is_taken() {
        assert_tags(&[("a", 4), ("b", 7)], &[], &[(6, 7)]);
    }
}
