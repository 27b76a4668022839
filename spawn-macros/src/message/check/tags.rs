//! Which field has which tag, and which tags are reserved.

use proc_macro2::Ident;

use crate::diag::{self, Sink};
use crate::message::parse::{Options, Reserved, What};
use crate::util::arguments::plain;

/// The largest tag of the encoding.
const LAST_TAG: u32 = (1 << 29) - 1;

/// 19000 to 19999 belong to the encoding.
fn in_range(tag: u32) -> bool {
    (1..=LAST_TAG).contains(&tag) && !(19_000..=19_999).contains(&tag)
}

/// What `reserved(..)` comes to.
pub(super) struct ReservedTags {
    ranges: Vec<(i64, i64)>,
    names: Vec<String>,
    /// Whether something was reported.
    faulty: bool,
}

impl ReservedTags {
    /// Of a message's fields.
    pub(super) fn of_fields(reserved: &[Reserved], sink: &mut Sink) -> Self {
        let ends = (1, i64::from(LAST_TAG));
        Self::new(reserved, ends, sink, |tokens| diag::reserved_tag_out_of_range(tokens))
    }

    /// Of the variants of an enumeration.
    pub(super) fn of_numbers(reserved: &[Reserved], sink: &mut Sink) -> Self {
        let ends = (i64::from(i32::MIN), i64::from(i32::MAX));
        Self::new(reserved, ends, sink, |tokens| diag::reserved_number_out_of_range(tokens))
    }

    fn new(
        reserved: &[Reserved],
        (lowest, highest): (i64, i64),
        sink: &mut Sink,
        out_of_range: fn(&proc_macro2::TokenStream) -> diag::Diagnostic,
    ) -> Self {
        let before = sink.len();
        let mut all = Self { ranges: Vec::new(), names: Vec::new(), faulty: false };
        for Reserved { what, tokens } in reserved {
            match what {
                What::Name(name) if all.names.contains(name) => {
                    sink.push(diag::name_reserved_twice(tokens, name));
                }
                What::Name(name) => all.names.push(name.clone()),
                What::Tags(first, last) => {
                    let (first, last) = (*first, last.unwrap_or(highest));
                    if first < lowest || last > highest {
                        sink.push(out_of_range(tokens));
                    } else if first > last {
                        sink.push(diag::empty_range(tokens));
                    } else if let Some(twice) = all.first_within(first, last) {
                        sink.push(diag::tag_reserved_twice(tokens, twice));
                    } else {
                        all.ranges.push((first, last));
                    }
                }
            }
        }
        all.faulty = sink.len() > before;
        all
    }

    /// The first reserved number from `first` to `last`.
    fn first_within(&self, first: i64, last: i64) -> Option<i64> {
        let overlaps = self.ranges.iter().filter(|(from, to)| *from <= last && first <= *to);
        overlaps.map(|(from, _)| first.max(*from)).min()
    }

    pub(super) fn has_number(&self, number: impl Into<i64>) -> bool {
        let number = number.into();
        self.first_within(number, number).is_some()
    }

    /// The last tag of the range that `tag` is in.
    fn end_of_range(&self, tag: u32) -> Option<u32> {
        let tag = i64::from(tag);
        let range = self.ranges.iter().find(|(first, last)| (*first..=*last).contains(&tag));
        range.and_then(|(_, last)| u32::try_from(*last).ok())
    }

    pub(super) fn has_name(&self, name: &Ident) -> bool {
        self.names.contains(&plain(name))
    }

    /// The ranges, all of them of tags.
    pub(super) fn into_ranges(self) -> Vec<(u32, u32)> {
        let tag = |number: i64| u32::try_from(number).unwrap_or(0);
        self.ranges.into_iter().map(|(first, last)| (tag(first), tag(last))).collect()
    }
}

/// Gives out tags.
pub(super) struct Numbering<'a> {
    reserved: &'a ReservedTags,
    /// Whether tags are written, which then all are.
    is_written: bool,
    has_oneof: bool,
    /// The next that is free, which is given out or suggested.
    next: u32,
    /// Whether it was reported that none is left.
    has_ended: bool,
    taken: Vec<(u32, Ident)>,
}

impl<'a> Numbering<'a> {
    pub(super) fn new(options: &[Options], reserved: &'a ReservedTags) -> Self {
        let written = || options.iter().filter_map(|it| it.tag.as_ref());
        let highest = written().filter_map(|(tag, _)| *tag).filter(|tag| in_range(*tag)).max();
        let has_oneof = options.iter().any(|it| it.oneof.is_some());
        Self {
            reserved,
            is_written: has_oneof || written().next().is_some(),
            has_oneof,
            next: highest.map_or(1, |highest| highest + 1),
            has_ended: false,
            taken: Vec::new(),
        }
    }

    /// The tag of a field or a variant; 0 if it has none or a wrong one, or is a oneof.
    pub(super) fn tag(&mut self, ident: &Ident, options: &Options, sink: &mut Sink) -> u32 {
        check_options(options, sink);
        if self.reserved.has_name(ident) {
            sink.push(diag::field_name_is_reserved(ident));
        }
        let tag = match &options.tag {
            _ if options.oneof.is_some() => return 0,
            None if !self.is_written => {
                return self.next_free().unwrap_or_else(|| {
                    self.report_end(ident, sink);
                    0
                });
            }
            // A key that was reported may be the tag.
            None if options.faulty => return 0,
            None => {
                match self.next_free() {
                    Some(next) => sink.push(diag::some_tags(ident, next, self.has_oneof)),
                    None => self.report_end(ident, sink),
                }
                return 0;
            }
            Some((Some(tag), value)) if in_range(*tag) => (*tag, value),
            Some((_, value)) => {
                sink.push(diag::tag_out_of_range(value));
                return 0;
            }
        };
        let (tag, value) = tag;
        if let Some((_, first)) = self.taken.iter().find(|(taken, _)| *taken == tag) {
            sink.push(diag::tag_given_twice(value, tag, first));
        } else if self.reserved.has_number(tag) {
            sink.push(diag::tag_is_reserved(value, tag));
        }
        self.taken.push((tag, ident.clone()));
        tag
    }

    /// Says once that there is no tag left.
    fn report_end(&mut self, ident: &Ident, sink: &mut Sink) {
        if !self.has_ended && !self.reserved.faulty {
            sink.push(diag::no_tag_left(ident));
        }
        self.has_ended = true;
    }

    /// `None` if everything above the last one is reserved.
    fn next_free(&mut self) -> Option<u32> {
        while self.next <= LAST_TAG {
            if let Some(last) = self.reserved.end_of_range(self.next) {
                self.next = last.saturating_add(1);
            } else if in_range(self.next) {
                self.next += 1;
                return Some(self.next - 1);
            } else {
                self.next += 1;
            }
        }
        None
    }
}

/// Options that do not go together.
fn check_options(options: &Options, sink: &mut Sink) {
    if options.oneof.is_none() {
        return;
    }
    if let Some((_, value)) = &options.tag {
        sink.push(diag::tag_of_oneof(value));
    }
    for encoding in options.numbers.iter().chain(&options.keys) {
        sink.push(diag::encoding_of_oneof(encoding));
    }
}
