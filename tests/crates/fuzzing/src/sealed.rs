//! Encrypted records that somebody has changed, and keys as they are configured.

use spawn::prelude::*;
use spawn::store::{
    ActorWrite, Answer, AnswerKey, CallId, Commit, Encoded, Encrypted, EncryptionError, Keys,
    Memory, NewCall, NewEvent, Revision, Store, StoreError,
};
use spawn::{ActorId, Metadata, Position};

use crate::bytes::Input;

/// A text that is said to be keys, and what becomes of a record on its way through the disk.
///
/// A key is read or refused. A record that is not as it was written does not decrypt, whatever was done to it; one that is does.
pub fn sealed(data: &[u8]) {
    let mut input = Input::new(data);
    let _read_or_refused = input.text().parse::<Keys>();
    let memory = Memory::new();
    let plain = encoded(input.bytes().to_vec());
    write(&memory, &plain);

    let raw = memory.clone();
    let opened = raw.open("fuzz").expect("memory can be opened");
    let rows = raw.read_log(Position::default(), 1).expect("it was written");
    let call = raw.call(CallId(1)).expect("it can be read").expect("it was written");
    let state = raw.load(&actor()).expect("it can be read").and_then(|it| it.state);
    let state = state.expect("it was written");
    let answer = raw.answer(&key("kept"), 0).expect("it can be read").expect("it was written");
    let event = rows.into_iter().next().expect("it was written").event;
    assert_ne!(event.payload.bytes, plain.bytes, "it is encrypted");
    let is_changed = change(&mut input, &event.payload.bytes);
    let change = |encoded: &Encoded| {
        let bytes = match &is_changed {
            Change::None => encoded.bytes.to_vec(),
            change => change.of(&encoded.bytes),
        };
        (bytes != encoded.bytes[..], Encoded { bytes: bytes.into(), ..encoded.clone() })
    };
    let (event_is, payload) = change(&event.payload);
    let event = NewEvent { payload, ..event };
    let (call_is, payload) = change(&call.call.payload);
    let call = NewCall { payload, ..call.call };
    let (_, state) = change(&state);
    let (_, response) = change(&answer);
    // Under another key, an answer is another record, changed or not.
    let answer = Answer { key: key("moved"), response, at: 1, expires: u64::MAX };
    let commit = Commit {
        epoch: opened.epoch,
        at: 1,
        // As if it were the next one, which it is not: a state is bound to its revision.
        actor: Some(save(state, 1)),
        events: vec![event],
        calls: vec![call],
        answer: Some(Box::new(answer)),
        ..Commit::default()
    };
    raw.commit(opened.batch + 1, &[&commit]).expect("memory has room");
    raw.close();

    let store = open(&memory);
    let found = store.read_log(Position::from_number(1), 1);
    same(event_is, found.map(|rows| rows.into_iter().next().map(|row| row.event.payload)), &plain);
    same(call_is, store.call(CallId(2)).map(|row| row.map(|row| row.call.payload)), &plain);
    refused(store.load(&actor()).map(drop));
    refused(store.answer(&key("moved"), 0).map(drop));
    let kept = store.answer(&key("kept"), 0).expect("nobody has changed it");
    assert_eq!(kept, Some(plain));
}

/// What is done to a record.
enum Change {
    None,
    Replaced(Vec<u8>),
    Flipped(usize, u8),
    Cut(usize),
    Longer(Vec<u8>),
}

impl Change {
    fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Self::None => {}
            Self::Replaced(by) => bytes.clone_from(by),
            Self::Flipped(place, by) => {
                let length = bytes.len();
                if let Some(byte) = bytes.get_mut(place % length.max(1)) {
                    *byte ^= by;
                }
            }
            Self::Cut(length) => bytes.truncate(*length),
            Self::Longer(by) => bytes.extend(by),
        }
        bytes
    }
}

fn change(input: &mut Input<'_>, bytes: &[u8]) -> Change {
    match input.below(5) {
        0 => Change::None,
        1 => Change::Replaced(input.bytes().to_vec()),
        2 => Change::Flipped(usize::from(input.byte()), input.byte()),
        3 => Change::Cut(usize::from(input.byte()) % (bytes.len() + 1)),
        _ => Change::Longer(input.bytes().to_vec()),
    }
}

/// What is as it was written is read; everything else is refused.
fn same(is_changed: bool, found: Result<Option<Encoded>, StoreError>, plain: &Encoded) {
    if is_changed {
        refused(found.map(drop));
    } else {
        assert_eq!(found.expect("nobody has changed it").as_ref(), Some(plain));
    }
}

fn refused(found: Result<(), StoreError>) {
    let error = found.expect_err("somebody has changed it");
    assert!(
        matches!(
            error,
            StoreError::Encryption(
                EncryptionError::Damaged { .. }
                    | EncryptionError::Plain { .. }
                    | EncryptionError::MissingKey { .. }
            )
        ),
        "{error:?}"
    );
}

fn write(memory: &Memory, plain: &Encoded) {
    let store = open(memory);
    let opened = store.recover().expect("it is open");
    let answer = Answer { key: key("kept"), response: plain.clone(), at: 1, expires: u64::MAX };
    let commit = Commit {
        epoch: opened.epoch,
        at: 1,
        actor: Some(save(plain.clone(), 0)),
        events: vec![NewEvent {
            channel: Channel::new("fuzz.sealed"),
            payload: plain.clone(),
            publisher: Some(actor()),
            metadata: Metadata::new(),
            at: 1,
        }],
        calls: vec![NewCall {
            due: 1,
            target: actor(),
            action: "go".to_owned(),
            payload: plain.clone(),
            caller: None,
            metadata: Metadata::new(),
        }],
        answer: Some(Box::new(answer)),
        ..Commit::default()
    };
    store.commit(opened.batch + 1, &[&commit]).expect("memory has room");
    store.close();
}

fn open(memory: &Memory) -> Encrypted {
    let keys = Keys::new("first", [7; 32]).expect("the id is well formed");
    let store = Encrypted::new(memory.clone(), keys);
    store.open("fuzz").expect("the key is the right one");
    store
}

fn encoded(bytes: Vec<u8>) -> Encoded {
    Encoded { type_name: "fuzz.Bytes".into(), bytes: bytes.into() }
}

fn save(state: Encoded, expected: u64) -> ActorWrite {
    let expected = Revision(expected);
    ActorWrite { actor: actor(), expected, state: Some(state), keep: 1, cursor: None, tags: None }
}

fn actor() -> ActorId {
    ActorId::parse("fuzz/a").expect("it is well formed")
}

fn key(key: &str) -> AnswerKey {
    AnswerKey { actor: actor(), action: "go".to_owned(), key: key.to_owned() }
}
