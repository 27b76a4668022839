//! A system whose store holds anything, and that is called by name with anything.

use std::time::Duration;

use spawn::prelude::*;
use spawn::store::{
    ActorWrite, Answer, AnswerKey, Commit, Cursor, Encoded, Memory, NewCall, NewEvent, Revision,
    Store, Verdict,
};
use spawn::{ActorId, Metadata};

use crate::actors::{Crew, Desk, Leave, Till, block_on, is_typed};
use crate::bytes::Input;

const ACTORS: [&str; 4] = ["till", "desk", "crew", "desk/1"];
const ACTIONS: [&str; 8] =
    ["take", "basket", "note", "leave", "order", "seen", "receive", "getState"];
const CHANNELS: [&str; 4] = ["till.a", "note.a.b", "desk.a", "crew.a"];
const TYPES: [&str; 12] = [
    "fuzz.Till",
    "fuzz.Desk",
    "fuzz.Leave",
    "interop.Order",
    "google.protobuf.Int64Value",
    "google.protobuf.Empty",
    "spawn.Json",
    "spawn.json.Basket",
    "spawn.Onward",
    "type.googleapis.com/interop.Line",
    "google.protobuf.StringValue",
    "interop.Scalars",
];

/// First what the store holds, then what is called.
///
/// Whatever comes is a response or a typed error, and the actors stay available.
pub fn calls(data: &[u8]) {
    block_on(run(&mut Input::new(data)));
}

async fn run(input: &mut Input<'_>) {
    let memory = Memory::new();
    for _ in 0..input.below(5) {
        fill(&memory.clone(), input);
    }
    let builder = System::builder("fuzz").store(memory).only::<(Till, Desk, Crew)>();
    let system = builder.start().await.expect("the rows are well formed");
    for _ in 0..8 {
        if input.is_empty() {
            break;
        }
        call(&system, input).await;
    }
    let waits = tokio::time::timeout(Duration::from_secs(20), system.settled());
    waits.await.expect("everything ends");
    assert_eq!(system.actor::<Crew>().receive(Parcel::new(7_i64)).await.map(drop).ok(), Some(()));
    system.dead_letters().list().await.expect("dead letters can be read");
    system.shutdown().await.expect("it was not stopped before");
}

fn encoded(input: &mut Input<'_>) -> Encoded {
    let type_name = input.text_or(&TYPES).into();
    Encoded { type_name, bytes: input.bytes().to_vec().into() }
}

fn metadata(input: &mut Input<'_>) -> Metadata {
    let mut metadata = Metadata::new();
    for _ in 0..input.below(3) {
        metadata.insert(input.text(), input.text());
    }
    metadata
}

fn actor(input: &mut Input<'_>) -> ActorId {
    let known = ActorId::parse(ACTORS[usize::from(input.below(4))]).expect("it is well formed");
    ActorId::parse(&input.text_or(&ACTORS)).unwrap_or(known)
}

/// A row with anything in it that a row can have.
fn fill(store: &Memory, input: &mut Input<'_>) {
    let opened = store.open("fuzz").expect("memory can be opened");
    let mut commit = Commit { epoch: opened.epoch, at: 1, ..Commit::default() };
    match input.below(4) {
        0 => {
            let has_cursor = input.byte() & 1 == 1;
            let position = spawn::Position::from_number(input.byte().into());
            commit.actor = Some(ActorWrite {
                actor: actor(input),
                expected: Revision(0),
                state: Some(encoded(input)),
                keep: 2,
                cursor: has_cursor.then(|| Cursor { position, ..Cursor::default() }),
                tags: None,
            });
        }
        1 => commit.events.push(NewEvent {
            channel: Channel::new(CHANNELS[usize::from(input.below(4))]),
            payload: encoded(input),
            publisher: Some(actor(input)),
            metadata: metadata(input),
            at: input.number().unsigned_abs(),
        }),
        2 => commit.calls.push(NewCall {
            due: input.byte().into(),
            target: actor(input),
            action: input.text_or(&ACTIONS),
            payload: encoded(input),
            caller: (input.byte() & 1 == 1).then(|| actor(input)),
            metadata: metadata(input),
        }),
        _ => {
            let key = AnswerKey {
                actor: actor(input),
                action: input.text_or(&ACTIONS),
                key: "key".to_owned(),
            };
            let response = encoded(input);
            commit.answer = Some(Box::new(Answer { key, response, at: 1, expires: u64::MAX }));
        }
    }
    let verdicts = store.commit(opened.batch + 1, &[&commit]).expect("memory has room");
    assert!(matches!(
        verdicts[..],
        [Verdict::Committed { .. } | Verdict::Stale { .. } | Verdict::Gone]
    ));
    store.close();
}

async fn call(system: &System, input: &mut Input<'_>) {
    let name = input.text_or(&ACTORS);
    let action = input.text_or(&ACTIONS);
    let payload = match input.below(4) {
        0 => Parcel::from(leave(input)),
        1 => match serde_json::from_slice::<serde_json::Value>(input.bytes()) {
            Ok(value) => Parcel::from(Json(value)),
            Err(_) => Parcel::new(()),
        },
        _ => {
            let Encoded { type_name, bytes } = encoded(input);
            Parcel::encoded(&type_name, bytes)
        }
    };
    let mut invocation = system.invoke(&name, &action, payload).timeout(Duration::from_secs(20));
    let options = input.byte();
    if options & 1 == 1 {
        invocation = invocation.reference(input.text_or(&ACTORS));
    }
    if options & 2 == 2 {
        invocation = invocation.idempotency_key("key");
    }
    for (key, value) in metadata(input).iter() {
        invocation = invocation.metadata(key, value);
    }
    let ended = match options >> 2 & 3 {
        0 => invocation.delay(Duration::from_millis(input.byte().into())).await.map(drop),
        1 => invocation.cast().await.map(drop),
        _ => invocation.await.map(drop),
    };
    if let Err(error) = ended {
        assert!(is_typed(error.kind()), "{error:?}");
        assert!(!error.to_string().is_empty());
    }
}

fn leave(input: &mut Input<'_>) -> Leave {
    let mut tags = std::collections::BTreeMap::new();
    for _ in 0..input.below(3) {
        tags.insert(input.text(), input.text());
    }
    let Encoded { type_name, bytes } = encoded(input);
    Leave {
        actor: input.text_or(&ACTORS),
        reference: input.text(),
        action: input.text_or(&ACTIONS),
        channel: input.text_or(&CHANNELS),
        tags,
        type_name: type_name.into_owned(),
        payload: bytes.to_vec(),
        how: input.byte().into(),
    }
}
