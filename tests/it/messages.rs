//! Messages: what is written is read again, by whoever knows the format.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use spawn::prelude::*;
use spawn::prost::Message as _;
use spawn::testing::TestSystem;

#[message(name = "messages.Colour")]
#[derive(Copy, Eq)]
enum Colour {
    Unknown,
    Red,
    Green,
}

#[message(name = "messages.Part")]
struct Part {
    sku: String,
    weight: f64,
}

#[message(name = "messages.All")]
struct All {
    flag: bool,
    small: i32,
    large: i64,
    unsigned: u32,
    huge: u64,
    single: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    colour: Colour,
    part: Part,
    maybe_text: Option<String>,
    maybe_part: Option<Part>,
    numbers: Vec<i64>,
    texts: Vec<String>,
    parts: Vec<Part>,
    colours: Vec<Colour>,
    by_name: HashMap<String, i64>,
    by_number: BTreeMap<u32, Part>,
}

#[message(name = "messages.Newer")]
struct Newer {
    first: i64,
    second: String,
    third: Vec<Part>,
}

#[message(name = "messages.Older")]
struct Older {
    first: i64,
}

fn part() -> impl Strategy<Value = Part> {
    (".{0,8}", -1e9..1e9).prop_map(|(sku, weight)| Part { sku, weight })
}

fn all() -> impl Strategy<Value = All> {
    let colour = prop_oneof![Just(Colour::Unknown), Just(Colour::Red), Just(Colour::Green)];
    let scalars = (any::<bool>(), any::<i32>(), any::<i64>(), any::<u32>(), any::<u64>());
    let texts = (".{0,20}", prop::collection::vec(any::<u8>(), 0..20), prop::option::of(".{0,5}"));
    let many = (
        prop::collection::vec(any::<i64>(), 0..5),
        prop::collection::vec(".{0,5}", 0..5),
        prop::collection::vec(part(), 0..3),
        prop::collection::vec(colour.clone(), 0..4),
        prop::collection::hash_map(".{0,5}", any::<i64>(), 0..5),
        prop::collection::btree_map(any::<u32>(), part(), 0..3),
    );
    (scalars, texts, many, colour, part(), prop::option::of(part()), -1e9_f32..1e9).prop_map(
        |(scalars, texts, many, colour, part, maybe_part, single)| All {
            flag: scalars.0,
            small: scalars.1,
            large: scalars.2,
            unsigned: scalars.3,
            huge: scalars.4,
            single,
            double: f64::from(single) / 3.0,
            text: texts.0,
            bytes: texts.1,
            colour,
            part,
            maybe_text: texts.2,
            maybe_part,
            numbers: many.0,
            texts: many.1,
            parts: many.2,
            colours: many.3,
            by_name: many.4,
            by_number: many.5,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(message in all()) {
        let bytes = message.encode_to_vec();
        prop_assert_eq!(bytes.len(), message.encoded_len());
        prop_assert_eq!(All::decode(&*bytes).unwrap(), message);
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // What it can be read as is written and read as the same again.
        if let Ok(message) = All::decode(&*bytes) {
            let _again = All::decode(&*message.encode_to_vec()).unwrap();
        }
    }

    #[test]
    fn what_is_cut_off_is_an_error_or_less(message in all(), cut in 0_usize..1_000) {
        let bytes = message.encode_to_vec();
        let cut = cut.min(bytes.len());
        let _read = All::decode(&bytes[..cut]);
    }
}

#[test]
fn older_and_newer_programs_understand_each_other() {
    let newer = Newer {
        first: 7,
        second: "new".to_owned(),
        third: vec![Part { sku: "a".to_owned(), weight: 1.0 }],
    };
    assert_eq!(Older::decode(&*newer.encode_to_vec()).unwrap(), Older { first: 7 });
    let read = Newer::decode(&*Older { first: 7 }.encode_to_vec()).unwrap();
    assert_eq!(read, Newer { first: 7, ..Newer::default() });
}

#[test]
fn an_enumeration_value_of_a_newer_program_does_not_break_the_message() {
    // Field 10 is the colour; 99 is none that is known here.
    let bytes = [10 << 3, 99];
    assert_eq!(All::decode(&bytes[..]).unwrap().colour, Colour::Unknown);
}

#[test]
fn a_message_within_a_message_within_a_message_has_an_end() {
    #[message(name = "messages.Nest")]
    struct Nest {
        inner: Option<Box<Nest>>,
    }
    let mut nest = Nest { inner: None };
    for _ in 0..50 {
        nest = Nest { inner: Some(Box::new(nest)) };
    }
    assert_eq!(Nest::decode(&*nest.encode_to_vec()).unwrap(), nest);
    for _ in 0..200 {
        nest = Nest { inner: Some(Box::new(nest)) };
    }
    let error = Nest::decode(&*nest.encode_to_vec()).unwrap_err();
    assert!(error.to_string().contains("recursion"), "{error}");
}

#[message(name = "messages.Payment")]
enum Payment {
    None,
    Card(Part),
    Cents(i64),
}

#[message(name = "messages.Till")]
struct Till {
    #[message(oneof)]
    last: Option<Payment>,
    #[message(tag = 4)]
    all: Vec<Payment>,
}

#[actor(name = "messages_till", channels = [("messages.payments", pay)])]
impl Till {
    #[action]
    fn pay(&mut self, payment: Payment) -> Result<Payment, ActionError> {
        self.all.push(payment.clone());
        let before = self.last.replace(payment);
        match self.last {
            Some(Payment::None) => Err(ActionError::new("none", "nothing was paid").fatal()),
            _ => Ok(before.unwrap_or_default()),
        }
    }

    #[action]
    fn all(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn an_enum_with_data_is_an_event_a_state_and_a_response() {
    let system = TestSystem::with(|builder| builder.only::<(Till,)>()).await.unwrap();
    let till = system.actor::<Till>();
    let card = Payment::Card(Part { sku: "visa".to_owned(), weight: 1.5 });
    assert_eq!(till.pay(card.clone()).await.unwrap(), Payment::None);
    system.broadcast(Broadcast::to("messages.payments", Payment::Cents(5))).await.unwrap();
    system.settle().await;
    // What failed is undone, from bytes.
    till.pay(Payment::None).await.unwrap_err();
    let till = till.all().await.unwrap();
    assert_eq!(till, Till { last: Some(Payment::Cents(5)), all: vec![card, Payment::Cents(5)] });
}

#[tokio::test]
async fn an_event_with_a_variant_of_a_newer_program_is_kept_among_the_dead_letters() {
    let system = TestSystem::with(|builder| builder.only::<(Till,)>()).await.unwrap();
    // Field 9, a number.
    let newer = Parcel::encoded("messages.Payment", vec![9 << 3, 1]);
    system.broadcast(Broadcast::to("messages.payments", newer)).await.unwrap();
    system.broadcast(Broadcast::to("messages.payments", Payment::Cents(5))).await.unwrap();
    system.settle().await;
    assert_eq!(system.actor::<Till>().all().await.unwrap().all, [Payment::Cents(5)]);
    let dead = system.dead_letters().list().await.unwrap();
    assert_eq!(dead.len(), 1);
    assert!(dead[0].error().contains("does not know"), "{}", dead[0].error());
}
