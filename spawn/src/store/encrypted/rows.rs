//! Which part of each row is encrypted, and what it is bound to.
//!
//! | record | text | bound to |
//! | --- | --- | --- |
//! | state | the message | actor, revision, type |
//! | event | metadata, the message | channel, publisher, time, type |
//! | call | metadata, the message | target, action, caller, type |
//! | answer | the message | actor, action, idempotency key, type |
//! | dead letter | error, metadata, the message | subscriber, and what its event or call is bound to |
//!
//! All are bound to the data's own identity as well. An event is not bound to its position, which is not known before it is written.

use bytes::{Buf, Bytes};
use prost::encoding::{decode_varint, encode_varint};

use super::envelope::{self, Kind, Place, Record, Sealer};
use super::keys::Keys;
use crate::actor::ActorId;
use crate::error::BoxError;
use crate::metadata::Metadata;
use crate::store::encryption::EncryptionError;
use crate::store::row::{
    AnswerKey, CallRow, Commit, DeadLetterRow, DeadLetterSource, Encoded, EventRow, NewCall,
    NewDeadLetter, NewEvent, Revision,
};

type Result<T> = std::result::Result<T, EncryptionError>;

/// What is needed to decrypt.
pub(super) struct Session {
    pub(super) keys: Keys,
    /// Of the data.
    pub(super) identity: u64,
}

/// Stands in place of the error of a dead letter.
const HIDDEN: &str = "(encrypted)";

/// Texts before the message, with their number.
fn write_texts<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_varint(texts.len() as u64, &mut bytes);
    for text in texts {
        encode_varint(text.len() as u64, &mut bytes);
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// The texts, and the message after them; `None` if it was not written so.
fn read_texts(mut rest: Bytes) -> Option<(Vec<String>, Bytes)> {
    let count = decode_varint(&mut rest).ok()?;
    let mut texts = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(decode_varint(&mut rest).ok()?).ok()?;
        if length > rest.remaining() {
            return None;
        }
        texts.push(String::from_utf8(rest.split_to(length).into()).ok()?);
    }
    Some((texts, rest))
}

fn pairs(metadata: &Metadata) -> Vec<&str> {
    metadata.iter().flat_map(|(key, value)| [key, value]).collect()
}

fn from_pairs(texts: &[String]) -> Option<Metadata> {
    let mut metadata = Metadata::new();
    for pair in texts.chunks(2) {
        let [key, value] = pair else { return None };
        metadata.insert(key.as_str(), value.as_str());
    }
    Some(metadata)
}

impl Session {
    fn place(&self, kind: Kind) -> Place {
        Place::new(kind, self.identity)
    }

    fn of_state(&self, actor: &ActorId, revision: Revision, state: &Encoded) -> Place {
        self.place(Kind::State).text(actor.as_str()).number(revision.0).text(&state.type_name)
    }

    fn of_event(place: Place, event: &NewEvent) -> Place {
        let publisher = event.publisher.as_ref().map(ActorId::as_str);
        let place = place.text(event.channel.as_str()).optional(publisher);
        place.number(event.at).text(&event.payload.type_name)
    }

    fn of_call(place: Place, call: &NewCall) -> Place {
        let place = place.text(call.target.as_str()).text(&call.action);
        let place = place.optional(call.caller.as_ref().map(ActorId::as_str));
        place.text(&call.payload.type_name)
    }

    fn of_answer(&self, key: &AnswerKey, response: &Encoded) -> Place {
        let place = self.place(Kind::Answer).text(key.actor.as_str()).text(&key.action);
        place.text(&key.key).text(&response.type_name)
    }

    fn of_dead_event(&self, subscriber: &str, pattern: &str, row: &EventRow) -> Place {
        let place = self.place(Kind::DeadEvent).text(subscriber).text(pattern);
        Self::of_event(place.number(row.position.0), &row.event)
    }

    fn of_dead_call(&self, subscriber: &str, call: &NewCall) -> Place {
        Self::of_call(self.place(Kind::DeadCall).text(subscriber), call)
    }

    /// The commit with everything encrypted that is to be.
    pub(super) fn seal(
        &self,
        sealer: &Sealer<'_>,
        commit: &Commit,
    ) -> std::result::Result<Commit, BoxError> {
        let mut commit = commit.clone();
        if let Some(write) = &mut commit.actor
            && let Some(state) = &mut write.state
        {
            let place = self.of_state(&write.actor, Revision(write.expected.0 + 1), state);
            state.bytes = sealer.seal(&place, &[&state.bytes])?;
        }
        for event in &mut commit.events {
            let place = Self::of_event(self.place(Kind::Event), event);
            seal_parcel(sealer, &place, None, &mut event.metadata, &mut event.payload)?;
        }
        for call in &mut commit.calls {
            let place = Self::of_call(self.place(Kind::Call), call);
            seal_parcel(sealer, &place, None, &mut call.metadata, &mut call.payload)?;
        }
        if let Some(answer) = &mut commit.answer {
            let place = self.of_answer(&answer.key, &answer.response);
            answer.response.bytes = sealer.seal(&place, &[&answer.response.bytes])?;
        }
        if let Some(letter) = &mut commit.dead_letter {
            self.seal_letter(sealer, letter)?;
        }
        Ok(commit)
    }

    fn seal_letter(
        &self,
        sealer: &Sealer<'_>,
        letter: &mut NewDeadLetter,
    ) -> std::result::Result<(), BoxError> {
        let NewDeadLetter { subscriber, source, error, .. } = letter;
        let (place, metadata, payload) = match source {
            DeadLetterSource::Event { pattern, event: row } => {
                let place = self.of_dead_event(subscriber, pattern, row);
                (place, &mut row.event.metadata, &mut row.event.payload)
            }
            DeadLetterSource::Call(call) => {
                (self.of_dead_call(subscriber, call), &mut call.metadata, &mut call.payload)
            }
            // A range of positions.
            DeadLetterSource::Missed { .. } => return Ok(()),
        };
        seal_parcel(sealer, &place, Some(error), metadata, payload)?;
        HIDDEN.clone_into(error);
        Ok(())
    }

    pub(super) fn open_state(
        &self,
        actor: &ActorId,
        revision: Revision,
        state: &mut Encoded,
    ) -> Result<()> {
        let place = self.of_state(actor, revision, state);
        let what = || format!("the state of {actor} at revision {revision}");
        self.open_message(&place, state, what)
    }

    pub(super) fn open_answer(&self, key: &AnswerKey, response: &mut Encoded) -> Result<()> {
        let place = self.of_answer(key, response);
        let what = || format!("the answer of `{}` of {} to a key", key.action, key.actor);
        self.open_message(&place, response, what)
    }

    pub(super) fn open_event(&self, row: &mut EventRow) -> Result<()> {
        let EventRow { position, event } = row;
        let place = Self::of_event(self.place(Kind::Event), event);
        let what = || format!("the event at position {position}");
        self.open_parcel(&place, None, &mut event.metadata, &mut event.payload, what)
    }

    pub(super) fn open_call(&self, row: &mut CallRow) -> Result<()> {
        let CallRow { id, call, .. } = row;
        let place = Self::of_call(self.place(Kind::Call), call);
        let what = || format!("the call {id}");
        self.open_parcel(&place, None, &mut call.metadata, &mut call.payload, what)
    }

    pub(super) fn open_letter(&self, row: &mut DeadLetterRow) -> Result<()> {
        let DeadLetterRow { id, letter } = row;
        let NewDeadLetter { subscriber, source, error, .. } = letter;
        let (place, metadata, payload) = match source {
            DeadLetterSource::Event { pattern, event: row } => {
                let place = self.of_dead_event(subscriber, pattern, row);
                (place, &mut row.event.metadata, &mut row.event.payload)
            }
            DeadLetterSource::Call(call) => {
                (self.of_dead_call(subscriber, call), &mut call.metadata, &mut call.payload)
            }
            DeadLetterSource::Missed { .. } => return Ok(()),
        };
        let what = || format!("the dead letter {id}");
        self.open_parcel(&place, Some(error), metadata, payload, what)
    }

    fn open_message(
        &self,
        place: &Place,
        message: &mut Encoded,
        what: impl Fn() -> String,
    ) -> Result<()> {
        if let Record::Opened(text) = envelope::open(&self.keys, place, &message.bytes, what)? {
            message.bytes = text;
        }
        Ok(())
    }

    fn open_parcel(
        &self,
        place: &Place,
        error: Option<&mut String>,
        metadata: &mut Metadata,
        payload: &mut Encoded,
        what: impl Fn() -> String,
    ) -> Result<()> {
        let Record::Opened(text) = envelope::open(&self.keys, place, &payload.bytes, &what)? else {
            return Ok(());
        };
        let read = read_texts(text).and_then(|(mut texts, message)| {
            let first = match error.is_some() {
                true if texts.is_empty() => return None,
                true => Some(texts.remove(0)),
                false => None,
            };
            Some((first, from_pairs(&texts)?, message))
        });
        let (first, pairs, message) =
            read.ok_or_else(|| EncryptionError::Damaged { what: what() })?;
        if let (Some(error), Some(first)) = (error, first) {
            *error = first;
        }
        (*metadata, payload.bytes) = (pairs, message);
        Ok(())
    }
}

fn seal_parcel(
    sealer: &Sealer<'_>,
    place: &Place,
    error: Option<&str>,
    metadata: &mut Metadata,
    payload: &mut Encoded,
) -> std::result::Result<(), BoxError> {
    let mut texts: Vec<&str> = error.into_iter().collect();
    texts.extend(pairs(metadata));
    payload.bytes = sealer.seal(place, &[&write_texts(texts.into_iter()), &payload.bytes])?;
    *metadata = Metadata::new();
    Ok(())
}
