//! Random values of every message. Each is the default now and then, which is where encodings differ.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::ours::{Contact, Line, Maps, Optionals, Order, Payment, Repeated, Scalars, Status};

/// The default, or anything.
fn value<T: Arbitrary + Clone + Default + 'static>() -> BoxedStrategy<T> {
    prop_oneof![1 => Just(T::default()), 3 => any::<T>()].boxed()
}

fn many<T: Arbitrary + Clone + Default + 'static>() -> BoxedStrategy<Vec<T>> {
    vec(value::<T>(), 0..4).boxed()
}

fn text() -> BoxedStrategy<String> {
    ".{0,6}".boxed()
}

fn bytes() -> BoxedStrategy<Vec<u8>> {
    vec(any::<u8>(), 0..6).boxed()
}

fn status() -> BoxedStrategy<Status> {
    use Status::{Late, Lost, Paid, Unspecified};
    prop_oneof![Just(Unspecified), Just(Paid), Just(Late), Just(Lost)].boxed()
}

fn duration() -> BoxedStrategy<Duration> {
    let seconds = prop_oneof![Just(0), 0..400_u64, any::<u32>().prop_map(u64::from)];
    let nanos = prop_oneof![Just(0), 0..1_000_000_000_u32];
    (seconds, nanos).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)).boxed()
}

/// Before 1970 and after.
fn time() -> BoxedStrategy<SystemTime> {
    (any::<bool>(), duration())
        .prop_map(|(before, distance)| {
            let start = SystemTime::UNIX_EPOCH;
            if before { start - distance } else { start + distance }
        })
        .boxed()
}

pub(crate) fn line() -> BoxedStrategy<Line> {
    (text(), value()).prop_map(|(sku, quantity)| Line { sku, quantity }).boxed()
}

pub(crate) fn scalars() -> BoxedStrategy<Scalars> {
    let varints = (value(), value(), value(), value(), value(), value(), value());
    let fixed = (value(), value(), value(), value(), value(), value());
    (text(), varints, fixed, bytes(), bytes(), status())
        .prop_map(|(text, varints, fixed, bytes, shared, status)| Scalars {
            text,
            flag: varints.0,
            small: varints.1,
            large: varints.2,
            unsigned: varints.3,
            huge: varints.4,
            signed: varints.5,
            signed_large: varints.6,
            fixed_unsigned: fixed.0,
            fixed_huge: fixed.1,
            fixed_small: fixed.2,
            fixed_large: fixed.3,
            single: fixed.4,
            double: fixed.5,
            bytes,
            shared: shared.into(),
            status,
        })
        .boxed()
}

pub(crate) fn optionals() -> BoxedStrategy<Optionals> {
    let numbers = (
        option::of(value()),
        option::of(value()),
        option::of(value()),
        option::of(value()),
        option::of(value()),
    );
    let texts = (option::of(text()), option::of(bytes()), option::of(status()));
    let messages = (option::of(line()), option::of(time()), option::of(duration()));
    (numbers, texts, messages)
        .prop_map(|(numbers, texts, messages)| Optionals {
            flag: numbers.0,
            large: numbers.1,
            signed: numbers.2,
            fixed_huge: numbers.3,
            double: numbers.4,
            text: texts.0,
            bytes: texts.1,
            status: texts.2,
            line: messages.0,
            at: messages.1,
            took: messages.2,
        })
        .boxed()
}

pub(crate) fn repeated() -> BoxedStrategy<Repeated> {
    let numbers = (many(), many(), many(), many(), many(), many());
    let others = (vec(text(), 0..4), vec(bytes(), 0..4), vec(status(), 0..4), vec(line(), 0..4));
    let times = (vec(time(), 0..4), vec(duration(), 0..4));
    (numbers, others, times)
        .prop_map(|(numbers, others, times)| Repeated {
            flags: numbers.0,
            small: numbers.1,
            signed: numbers.2,
            fixed_unsigned: numbers.3,
            fixed_large: numbers.4,
            doubles: numbers.5,
            texts: others.0,
            bytes: others.1,
            statuses: others.2,
            lines: others.3,
            times: times.0,
            durations: times.1,
        })
        .boxed()
}

fn map<K, V>(keys: BoxedStrategy<K>, values: BoxedStrategy<V>) -> BoxedStrategy<BTreeMap<K, V>>
where
    K: Ord + std::fmt::Debug + 'static,
    V: std::fmt::Debug + 'static,
{
    btree_map(keys, values, 0..4).boxed()
}

pub(crate) fn maps() -> BoxedStrategy<Maps> {
    let plain = (
        map(text(), value()),
        map(value(), text()),
        map(value(), value()),
        map(value(), line()),
        map(text(), status()),
    );
    let encoded =
        (map(value(), value()), map(value(), value()), map(value(), bytes()), map(value(), time()));
    (plain, encoded)
        .prop_map(|(plain, encoded)| Maps {
            numbers: plain.0,
            texts: plain.1,
            doubles: plain.2,
            lines: plain.3,
            statuses: plain.4,
            signed: encoded.0,
            fixed: encoded.1,
            bytes: encoded.2,
            times: encoded.3,
        })
        .boxed()
}

pub(crate) fn contact() -> BoxedStrategy<Contact> {
    prop_oneof![text().prop_map(Contact::Mail), value().prop_map(Contact::Phone)].boxed()
}

pub(crate) fn order() -> BoxedStrategy<Order> {
    let leaf = of(option::of(payment()).boxed(), Just(None).boxed());
    leaf.prop_recursive(2, 8, 2, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let exchange = boxed.clone().prop_map(Payment::Exchange);
        of(option::of(prop_oneof![payment(), exchange]).boxed(), option::of(boxed).boxed())
    })
    .boxed()
}

fn payment() -> BoxedStrategy<Payment> {
    prop_oneof![
        line().prop_map(Payment::Goods),
        value().prop_map(Payment::Cash),
        text().prop_map(Payment::Voucher),
        Just(Payment::Free),
        status().prop_map(Payment::Status),
        bytes().prop_map(Payment::Token),
        time().prop_map(Payment::Later),
    ]
    .boxed()
}

fn of(
    payments: BoxedStrategy<Option<Payment>>,
    parents: BoxedStrategy<Option<Box<Order>>>,
) -> BoxedStrategy<Order> {
    let timestamps = option::of((value(), value()));
    let contacts = (option::of(contact()), vec(contact(), 0..3));
    (text(), payments, line(), contacts, parents, timestamps)
        .prop_map(|(id, payment, line, contacts, parent, at)| Order {
            id,
            payment,
            line,
            contact: contacts.0,
            parent,
            contacts: contacts.1,
            at: at.map(|(seconds, nanos)| prost_types::Timestamp { seconds, nanos }),
        })
        .boxed()
}
