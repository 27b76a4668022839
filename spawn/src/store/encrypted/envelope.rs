//! An encrypted record: how it is written, and what it belongs to.
//!
//! ```text
//! 0x00  format  length of the id  id of the key  nonce (24)  text  tag (16)
//! ```
//!
//! No message begins with the byte 0, neither of `prost` nor of JSON, so that plain records are told apart.

use bytes::Bytes;

use super::cipher::{Derived, HALF, Key, TAG};
use super::keys::{Keys, is_id};
use crate::error::BoxError;
use crate::store::encryption::EncryptionError;

const MARK: u8 = 0;
const FORMAT: u8 = 1;

/// What kinds of records there are; a part of what each belongs to.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Check = 1,
    State = 2,
    Event = 3,
    Call = 4,
    Answer = 5,
    DeadEvent = 6,
    DeadCall = 7,
}

/// What a record belongs to: authenticated with it, so that it does not decrypt in another place.
pub(super) struct Place(Vec<u8>);

impl Place {
    pub(super) fn new(kind: Kind, data: u64) -> Self {
        let mut bytes = Vec::with_capacity(128);
        bytes.extend_from_slice(&[FORMAT, kind as u8]);
        bytes.extend_from_slice(&data.to_be_bytes());
        Self(bytes)
    }

    pub(super) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// With its length before it, so that no two places are written alike.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.extend_from_slice(&(text.len() as u64).to_be_bytes());
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub(super) fn optional(mut self, text: Option<&str>) -> Self {
        self.0.push(text.is_some().into());
        self.text(text.unwrap_or_default())
    }
}

/// Encrypts the records of one batch.
pub(super) struct Sealer<'k> {
    key: &'k Key,
    first: [u8; HALF],
    derived: Derived,
}

fn random() -> Result<[u8; HALF], BoxError> {
    let mut bytes = [0; HALF];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl<'k> Sealer<'k> {
    pub(super) fn new(key: &'k Key) -> Result<Self, BoxError> {
        let first = random()?;
        Ok(Self { key, first, derived: key.derive(&first) })
    }

    /// Encrypts the parts, one after the other.
    pub(super) fn seal(&self, place: &Place, parts: &[&[u8]]) -> Result<Bytes, BoxError> {
        let second = random()?;
        let id = self.key.id();
        let header = 3 + id.len() + 2 * HALF;
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let mut bytes = Vec::with_capacity(header + length + TAG);
        bytes.extend_from_slice(&[MARK, FORMAT, u8::try_from(id.len())?]);
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&self.first);
        bytes.extend_from_slice(&second);
        for part in parts {
            bytes.extend_from_slice(part);
        }
        let (_, text) = bytes.split_at_mut(header);
        let tag = self.derived.seal(second, &place.0, text).ok_or("the record is too long")?;
        bytes.extend_from_slice(&tag);
        Ok(bytes.into())
    }
}

/// A record that is well formed, and not decrypted yet.
pub(super) struct Envelope<'b> {
    /// The id of its key.
    pub(super) key: &'b str,
    nonce: [[u8; HALF]; 2],
    text: &'b [u8],
    tag: [u8; TAG],
}

/// What was read of a record.
pub(super) enum Record {
    Plain,
    Opened(Bytes),
}

impl<'b> Envelope<'b> {
    /// `None` if it cannot have been written by a [`Sealer`].
    pub(super) fn parse(bytes: &'b [u8]) -> Option<Self> {
        let ([MARK, FORMAT, length], rest) = bytes.split_first_chunk()? else { return None };
        let (id, rest) = rest.split_at_checked(usize::from(*length))?;
        let key = std::str::from_utf8(id).ok().filter(|id| is_id(id))?;
        let (first, rest) = rest.split_first_chunk()?;
        let (second, rest) = rest.split_first_chunk()?;
        let (text, tag) = rest.split_last_chunk()?;
        Some(Self { key, nonce: [*first, *second], text, tag: *tag })
    }

    /// `None` if the record, or its place, is not what was encrypted with this key.
    pub(super) fn open(&self, key: &Key, place: &Place) -> Option<Bytes> {
        let [first, second] = self.nonce;
        let mut text = self.text.to_vec();
        key.derive(&first).open(second, &place.0, &mut text, self.tag)?;
        Some(text.into())
    }
}

/// Decrypts a record; `what` names it.
pub(super) fn open(
    keys: &Keys,
    place: &Place,
    bytes: &[u8],
    what: impl Fn() -> String,
) -> Result<Record, EncryptionError> {
    if bytes.first() != Some(&MARK) {
        return if keys.reads_plain() {
            Ok(Record::Plain)
        } else {
            Err(EncryptionError::Plain { what: what() })
        };
    }
    let damaged = || EncryptionError::Damaged { what: what() };
    let envelope = Envelope::parse(bytes).ok_or_else(damaged)?;
    let Some(key) = keys.get(envelope.key) else {
        return Err(EncryptionError::MissingKey {
            what: what(),
            key: envelope.key.to_owned(),
            given: keys.ids(),
        });
    };
    envelope.open(key, place).map(Record::Opened).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::super::keys::Keys;
    use super::{Envelope, Kind, Place, Record, Sealer, open};
    use crate::store::encryption::EncryptionError;

    fn keys() -> Keys {
        Keys::new("second", [7; 32]).unwrap().and("first", [8; 32]).unwrap()
    }

    fn place() -> Place {
        Place::new(Kind::State, 5).text("shop").number(3).optional(None)
    }

    fn seal(keys: &Keys) -> Vec<u8> {
        let sealer = Sealer::new(keys.first().unwrap()).unwrap();
        sealer.seal(&place(), &[b"hello ", b"world"]).unwrap().to_vec()
    }

    fn read(keys: &Keys, place: &Place, bytes: &[u8]) -> Result<Vec<u8>, EncryptionError> {
        match open(keys, place, bytes, || "it".to_owned())? {
            Record::Plain => Ok(bytes.to_vec()),
            Record::Opened(text) => Ok(text.to_vec()),
        }
    }

    #[test]
    fn a_record_comes_back_and_is_never_written_twice_alike() {
        let keys = keys();
        let sealed = seal(&keys);
        assert_eq!(read(&keys, &place(), &sealed).unwrap(), b"hello world");
        assert_ne!(seal(&keys), sealed);
        let empty = Sealer::new(keys.first().unwrap()).unwrap().seal(&place(), &[]).unwrap();
        assert_eq!(read(&keys, &place(), &empty).unwrap(), b"");
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_an_error() {
        let keys = keys();
        let sealed = seal(&keys);
        for at in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            let error = read(&keys, &place(), &flipped).unwrap_err();
            match error {
                EncryptionError::Damaged { what } if at >= 8 => assert_eq!(what, "it"),
                // The length of the id, or the id.
                EncryptionError::MissingKey { .. } if at / 8 >= 2 => {}
                EncryptionError::Plain { .. } if at < 8 => {}
                other => panic!("bit {at}: {other:?}"),
            }
        }
        for length in 0..sealed.len() {
            read(&keys, &place(), &sealed[..length]).unwrap_err();
        }
        let mut longer = sealed.clone();
        longer.push(0);
        read(&keys, &place(), &longer).unwrap_err();
    }

    #[test]
    fn it_does_not_open_in_another_place() {
        let keys = keys();
        let sealed = seal(&keys);
        let state = || Place::new(Kind::State, 5);
        for other in [
            Place::new(Kind::Event, 5).text("shop").number(3).optional(None),
            Place::new(Kind::State, 6).text("shop").number(3).optional(None),
            state().text("shop").number(2).optional(None),
            state().text("shot").number(3).optional(None),
            state().text("shop").number(3).optional(Some("")),
            state().text("shop").number(3),
        ] {
            let error = read(&keys, &other, &sealed).unwrap_err();
            assert!(matches!(error, EncryptionError::Damaged { .. }), "{error:?}");
        }
    }

    #[test]
    fn the_key_is_found_by_its_id() {
        let old = Keys::new("first", [8; 32]).unwrap();
        let sealed = seal(&old);
        assert_eq!(Envelope::parse(&sealed).unwrap().key, "first");
        assert_eq!(read(&keys(), &place(), &sealed).unwrap(), b"hello world");
        let error = read(&old, &place(), &seal(&keys())).unwrap_err();
        let EncryptionError::MissingKey { key, given, .. } = error else { panic!("{error:?}") };
        assert_eq!((&*key, &*given), ("second", "`first`"));
        let wrong = Keys::new("first", [9; 32]).unwrap();
        let error = read(&wrong, &place(), &sealed).unwrap_err();
        assert!(matches!(error, EncryptionError::Damaged { .. }), "{error:?}");
    }

    #[test]
    fn plain_records_are_read_only_if_that_was_said() {
        let error = read(&keys(), &place(), b"plain").unwrap_err();
        assert!(matches!(error, EncryptionError::Plain { .. }), "{error:?}");
        let keys = keys().and_plain();
        for plain in [&b"plain"[..], b"", b"{}"] {
            assert_eq!(read(&keys, &place(), plain).unwrap(), plain);
        }
        // One that is marked is never taken for plain.
        read(&keys, &place(), b"\0plain").unwrap_err();
    }
}
