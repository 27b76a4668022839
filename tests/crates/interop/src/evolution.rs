//! Newer programs write what older ones do not know.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use prost::Message;

use crate::generated::{contact, newer_contact};
use crate::ours::Status::{Lost, Paid, Unspecified};
use crate::{generated, ours, random};

proptest! {
    #[test]
    fn fields_of_a_newer_program_are_skipped(
        line in random::line(),
        notes in prop::collection::vec(".{0,5}", 0..3),
        order in random::order(),
        weight in any::<u32>(),
        price in any::<f64>(),
    ) {
        let newer = generated::NewerLine {
            sku: line.sku.clone(),
            quantity: line.quantity,
            notes,
            order: Some(order.into()),
            weight,
            price,
        };
        prop_assert_eq!(ours::Line::decode(&*newer.encode_to_vec()).unwrap(), line);
    }
}

fn order_paid_with(status: i32) -> generated::Order {
    let payment = generated::order::Payment::Status(status);
    generated::Order { payment: Some(payment), ..generated::Order::default() }
}

#[test]
fn a_number_that_an_enumeration_does_not_have_is_its_zero() {
    let scalars = generated::Scalars { status: 4, small: 5, ..generated::Scalars::default() };
    let read = ours::Scalars::decode(&*scalars.encode_to_vec()).unwrap();
    assert_eq!((read.status, read.small), (Unspecified, 5));

    let optionals = generated::Optionals { status: Some(4), ..generated::Optionals::default() };
    let read = ours::Optionals::decode(&*optionals.encode_to_vec()).unwrap();
    assert_eq!(read.status, Some(Unspecified));

    let repeated =
        generated::Repeated { statuses: vec![1, 4, -3], ..generated::Repeated::default() };
    let read = ours::Repeated::decode(&*repeated.encode_to_vec()).unwrap();
    assert_eq!(read.statuses, [Paid, Unspecified, Lost]);

    let statuses = [("a".to_owned(), 4)].into();
    let maps = generated::Maps { statuses, ..generated::Maps::default() };
    let read = ours::Maps::decode(&*maps.encode_to_vec()).unwrap();
    assert_eq!(read.statuses["a"], Unspecified);

    let read = ours::Order::decode(&*order_paid_with(4).encode_to_vec()).unwrap();
    assert_eq!(read.payment, Some(ours::Payment::Status(Unspecified)));
}

#[test]
fn a_variant_of_a_newer_program_is_no_variant_in_a_oneof() {
    let postal = newer_contact::Contact::Postal("Main Street".to_owned());
    let bytes = generated::NewerContact { contact: Some(postal) }.encode_to_vec();
    // As a part of an order, it is a field that is not known: tag 6 has none.
    assert_eq!(ours::Order::decode(&*bytes).unwrap(), ours::Order::default());
    assert_eq!(generated::Order::decode(&*bytes).unwrap(), generated::Order::default());
}

#[test]
fn a_variant_of_a_newer_program_is_an_error_in_a_message_that_is_nothing_else() {
    let postal = newer_contact::Contact::Postal("Main Street".to_owned());
    let newer = generated::NewerContact { contact: Some(postal) }.encode_to_vec();
    let error = ours::Contact::decode(&*newer).unwrap_err().to_string();
    assert!(error.contains("Contact") && error.contains("does not know"), "{error}");
    // The same within a list: what holds it is not read without it.
    let mut order = vec![10 << 3 | 2, u8::try_from(newer.len()).unwrap()];
    order.extend(newer);
    let error = ours::Order::decode(&*order).unwrap_err().to_string();
    assert!(error.contains("Order.contacts"), "{error}");
}

#[test]
fn a_message_without_a_variant_is_the_first_one() {
    assert_eq!(generated::Contact::default().encode_to_vec(), [0_u8; 0]);
    assert_eq!(ours::Contact::decode(&[][..]).unwrap(), ours::Contact::Mail(String::new()));
}

#[test]
fn the_last_variant_that_is_written_counts() {
    let both = [
        ours::Contact::Mail("a@b".to_owned()).encode_to_vec(),
        ours::Contact::Phone(7).encode_to_vec(),
    ];
    let generated = generated::Contact::decode(&*both.concat()).unwrap();
    assert_eq!(generated.contact, Some(contact::Contact::Phone(7)));
    assert_eq!(ours::Contact::decode(&*both.concat()).unwrap(), ours::Contact::Phone(7));
    let order = ours::Order::decode(&*both.concat()).unwrap();
    assert_eq!(order.contact, Some(ours::Contact::Phone(7)));
}

#[test]
fn a_message_that_is_no_option_can_be_there_or_not() {
    // `prost` writes an empty message where it has one; both mean the default.
    let order = generated::Order { line: Some(generated::Line::default()), ..Default::default() };
    assert_eq!(order.encode_to_vec(), [4 << 3 | 2, 0]);
    assert_eq!(ours::Order::decode(&*order.encode_to_vec()).unwrap(), ours::Order::default());
}

/// What an `Optionals` with this time is read as.
fn read(seconds: i64, nanos: i32) -> Result<ours::Optionals, prost::DecodeError> {
    let at = Some(prost_types::Timestamp { seconds, nanos });
    let message = generated::Optionals { at, ..generated::Optionals::default() };
    ours::Optionals::decode(&*message.encode_to_vec())
}

#[test]
fn times_that_are_not_normal_are_read_as_what_they_mean() {
    let start = SystemTime::UNIX_EPOCH;
    let half = Duration::from_millis(500);
    assert_eq!(read(1, -500_000_000).unwrap().at, Some(start + half));
    assert_eq!(read(-1, 500_000_000).unwrap().at, Some(start - half));
    assert_eq!(read(0, 1_500_000_000).unwrap().at, Some(start + 3 * half));
}

#[test]
fn times_that_cannot_be_are_errors() {
    let error = read(i64::MAX, i32::MAX).unwrap_err().to_string();
    assert!(error.contains("Optionals.at") && error.contains("too far away"), "{error}");
    let took = Some(prost_types::Duration { seconds: -1, nanos: 0 });
    let message = generated::Optionals { took, ..generated::Optionals::default() };
    let error = ours::Optionals::decode(&*message.encode_to_vec()).unwrap_err().to_string();
    assert!(error.contains("Optionals.took") && error.contains("negative"), "{error}");
}

#[test]
fn numbers_that_are_not_packed_are_read_too() {
    // `small` is field 2: once alone, once packed.
    let bytes = [2 << 3, 5, 2 << 3 | 2, 2, 6, 7];
    assert_eq!(ours::Repeated::decode(&bytes[..]).unwrap().small, [5, 6, 7]);
}
