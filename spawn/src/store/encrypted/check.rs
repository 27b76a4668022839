//! The note beside the data that says with which keys it is encrypted, so that a wrong one is found out at once.
//!
//! ```text
//! format  (length (2)  record)*
//! ```
//!
//! Each record is an empty text, encrypted with one of the keys.

use super::envelope::{Envelope, Kind, Place, Sealer};
use super::keys::Keys;
use crate::store::StoreError;
use crate::store::encryption::EncryptionError;

const FORMAT: u8 = 1;

/// What to write down before anything is encrypted, if it is not there yet.
///
/// `found` is the note that is there, `is_new` whether nothing was ever written.
pub(super) fn check(
    keys: &Keys,
    identity: u64,
    system: &str,
    found: Option<&[u8]>,
    is_new: bool,
) -> Result<Option<Vec<u8>>, StoreError> {
    let place = Place::new(Kind::Check, identity);
    let what = || format!("the data of `{system}`");
    let damaged =
        || EncryptionError::Damaged { what: format!("the note of the keys of `{system}`") };
    let records = match found {
        Some(note) => read(note).ok_or_else(damaged)?,
        None if is_new || keys.reads_plain() => Vec::new(),
        None => return Err(EncryptionError::NotEncrypted { system: system.to_owned() }.into()),
    };
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    for record in &records {
        let envelope = Envelope::parse(record).ok_or_else(damaged)?;
        let id = envelope.key;
        if keys.is_retired(id) {
            continue;
        }
        let Some(key) = keys.get(id) else {
            let (key, given) = (id.to_owned(), keys.ids());
            return Err(EncryptionError::MissingKey { what: what(), key, given }.into());
        };
        if envelope.open(key, &place).is_none() {
            let (key, system) = (id.to_owned(), system.to_owned());
            return Err(EncryptionError::WrongKey { system, key }.into());
        }
        kept.push(record);
        ids.push(id);
    }
    let first = keys.first().ok_or_else(damaged)?;
    let mut own = None;
    if !ids.contains(&first.id()) {
        let sealed = Sealer::new(first).and_then(|sealer| sealer.seal(&place, &[]));
        own = Some(sealed.map_err(|cause| StoreError::failed("encrypting", cause))?);
    }
    kept.extend(own.as_deref());
    Ok((own.is_some() || kept.len() != records.len()).then(|| write(&kept)))
}

fn read(note: &[u8]) -> Option<Vec<&[u8]>> {
    let (&FORMAT, mut rest) = note.split_first()? else { return None };
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk()?;
        let (record, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
        records.push(record);
        rest = after;
    }
    // The first key is always among them.
    (!records.is_empty()).then_some(records)
}

fn write(records: &[&[u8]]) -> Vec<u8> {
    let mut note = vec![FORMAT];
    for record in records {
        // An id has at most 32 bytes, so that a record has about a hundred.
        let length = u16::try_from(record.len()).unwrap_or(u16::MAX);
        note.extend_from_slice(&length.to_be_bytes());
        note.extend_from_slice(record);
    }
    note
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::store::{EncryptionError, Keys, StoreError};

    fn keys(text: &str) -> Keys {
        let key = |digit: &str| digit.repeat(64);
        let entries = text.split(',').map(|entry| match entry.split_once('=') {
            Some((id, digit)) => format!("{id}:{}", key(digit)),
            None => entry.to_owned(),
        });
        entries.collect::<Vec<_>>().join(",").parse().unwrap()
    }

    fn of(
        identity: u64,
        text: &str,
        note: Option<&[u8]>,
    ) -> Result<Option<Vec<u8>>, EncryptionError> {
        check(&keys(text), identity, "shop", note, false).map_err(|error| match error {
            StoreError::Encryption(error) => error,
            other => panic!("{other:?}"),
        })
    }

    fn open(text: &str, note: Option<&[u8]>) -> Result<Option<Vec<u8>>, EncryptionError> {
        of(7, text, note)
    }

    #[test]
    fn a_note_is_made_once_and_grows_with_the_keys() {
        let first = check(&keys("a=1"), 7, "shop", None, true).unwrap().unwrap();
        assert!(open("a=1", Some(&first)).unwrap().is_none());
        // Known beforehand, but nothing is encrypted with it.
        assert!(open("a=1,b=2", Some(&first)).unwrap().is_none());
        let second = open("b=2,a=1", Some(&first)).unwrap().unwrap();
        assert!(open("b=2,a=1", Some(&second)).unwrap().is_none());
        assert!(open("a=1,b=2", Some(&second)).unwrap().is_none());
        for one in ["a=1", "b=2"] {
            let error = open(one, Some(&second)).unwrap_err();
            assert!(matches!(error, EncryptionError::MissingKey { .. }), "{error:?}");
        }
        let third = open("b=2,a:retired", Some(&second)).unwrap().unwrap();
        assert!(open("b=2", Some(&third)).unwrap().is_none());
    }

    #[test]
    fn another_key_under_the_same_id_is_wrong() {
        let note = check(&keys("a=1"), 7, "shop", None, true).unwrap().unwrap();
        for wrong in ["a=2", "b=1,a=3"] {
            let error = open(wrong, Some(&note)).unwrap_err();
            assert!(
                matches!(error, EncryptionError::WrongKey { ref key, .. } if key == "a"),
                "{error:?}"
            );
        }
        // The note of other data.
        let error = of(8, "a=1", Some(&note)).unwrap_err();
        assert!(matches!(error, EncryptionError::WrongKey { .. }), "{error:?}");
    }

    #[test]
    fn plain_data_is_taken_only_if_that_was_said() {
        let error = open("a=1", None).unwrap_err();
        assert!(matches!(error, EncryptionError::NotEncrypted { .. }), "{error:?}");
        assert!(open("a=1,plain", None).unwrap().is_some());
    }

    #[test]
    fn a_damaged_note_is_an_error_whatever_is_wrong_with_it() {
        let note = check(&keys("a=1"), 7, "shop", None, true).unwrap().unwrap();
        for at in 0..note.len() * 8 {
            let mut flipped = note.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            open("a=1", Some(&flipped)).unwrap_err();
        }
        for length in 0..note.len() {
            open("a=1", Some(&note[..length])).unwrap_err();
        }
    }
}
