//! Both write the same, and each reads what the other wrote.

use std::fmt::Debug;

use proptest::prelude::*;
use prost::{Message, Name};

use crate::{generated, ours, random};

/// Compares `ours` with what it is for `prost`.
fn compare<O, G>(ours: &O) -> Result<(), TestCaseError>
where
    O: Message + Name + Clone + Default + PartialEq + Debug + Into<G>,
    G: Message + Name + Default + PartialEq + Debug,
{
    prop_assert_eq!(O::full_name(), G::full_name());
    let generated: G = ours.clone().into();
    let bytes = ours.encode_to_vec();
    prop_assert_eq!(&bytes, &generated.encode_to_vec());
    prop_assert_eq!(bytes.len(), ours.encoded_len());
    prop_assert_eq!(&O::decode(&*bytes).unwrap(), ours);
    prop_assert_eq!(G::decode(&*bytes).unwrap(), generated);
    // Twice the same message in one is one message.
    let twice = [&*bytes, &*bytes].concat();
    prop_assert_eq!(O::decode(&*twice).unwrap().into(), G::decode(&*twice).unwrap());
    Ok(())
}

proptest! {
    #[test]
    fn scalars(message in random::scalars()) {
        compare::<_, generated::Scalars>(&message)?;
    }

    #[test]
    fn optionals(message in random::optionals()) {
        compare::<_, generated::Optionals>(&message)?;
    }

    #[test]
    fn repeated(message in random::repeated()) {
        compare::<_, generated::Repeated>(&message)?;
    }

    #[test]
    fn maps(message in random::maps()) {
        compare::<_, generated::Maps>(&message)?;
    }

    #[test]
    fn oneofs_and_nested_messages(message in random::order()) {
        compare::<_, generated::Order>(&message)?;
    }

    #[test]
    fn a_oneof_that_is_a_message(message in random::contact()) {
        compare::<_, generated::Contact>(&message)?;
    }

    // What can be read of a message with a wrong byte is written and read as the same again.
    #[test]
    fn a_wrong_byte_is_an_error_or_another_message(
        order in random::order(),
        optionals in random::optionals(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        fn change(mut bytes: Vec<u8>, at: prop::sample::Index, byte: u8) -> Vec<u8> {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        }
        if let Ok(read) = ours::Order::decode(&*change(order.encode_to_vec(), at, byte)) {
            prop_assert_eq!(ours::Order::decode(&*read.encode_to_vec()).unwrap(), read);
        }
        if let Ok(read) = ours::Optionals::decode(&*change(optionals.encode_to_vec(), at, byte)) {
            let bytes = read.encode_to_vec();
            prop_assert_eq!(ours::Optionals::decode(&*bytes).unwrap().encode_to_vec(), bytes);
        }
    }

    // Bytes that were not written by anybody: both read the same of them, or neither reads anything.
    #[test]
    fn whatever_the_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let ours = ours::Scalars::decode(&*bytes);
        let generated = generated::Scalars::decode(&*bytes);
        prop_assert_eq!(ours.is_ok(), generated.is_ok());
        if let (Ok(ours), Ok(generated)) = (ours, generated) {
            // Floats may be NaN, and a number of a newer program's enumeration may be anything.
            let mut same: generated::Scalars = ours.into();
            same.status = generated.status;
            prop_assert_eq!(same.encode_to_vec(), generated.encode_to_vec());
        }
    }
}

#[test]
fn all_defaults_are_nothing() {
    assert_eq!(ours::Scalars::default().encode_to_vec(), [0_u8; 0]);
    assert_eq!(ours::Order::default().encode_to_vec(), [0_u8; 0]);
    assert_eq!(ours::Maps::default().encode_to_vec(), [0_u8; 0]);
}

#[test]
fn a_hash_map_is_the_same_field_as_a_sorted_one() {
    use std::collections::HashMap;

    use spawn::prelude::*;

    #[message(name = "interop.HashMaps")]
    struct HashMaps {
        #[message(tag = 1)]
        numbers: HashMap<String, i64>,
        #[message(tag = 6, keys = sint, sint)]
        signed: HashMap<i32, i64>,
    }
    let numbers = [("a", 1), ("b", 0), ("", -3)].map(|(key, value)| (key.to_owned(), value));
    let signed = [(-1, -2), (0, 0), (7, 1)];
    let hashed = HashMaps { numbers: numbers.clone().into(), signed: signed.into() };
    let bytes = hashed.encode_to_vec();
    let generated = generated::Maps::decode(&*bytes).unwrap();
    assert_eq!(generated.numbers, numbers.into());
    assert_eq!(generated.signed, signed.into());
    assert_eq!(HashMaps::decode(&*generated.encode_to_vec()).unwrap(), hashed);
}
