//! Values as SQLite has them.

use bytes::Bytes;
use prost::encoding::{decode_varint, encode_varint};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use smallvec::SmallVec;

use super::BoxError;
use crate::actor::ActorId;
use crate::channel::Channel;
use crate::event::Position;
use crate::metadata::Metadata;
use crate::store::row::{Cursor, Encoded, SubscriptionId};

/// A row that this crate cannot have written.
#[derive(Debug, thiserror::Error)]
#[error("{what} is damaged")]
pub(super) struct Damaged {
    what: String,
    #[source]
    cause: BoxError,
}

impl Damaged {
    /// To be wrapped around what went wrong.
    pub(super) fn naming(what: impl FnOnce() -> String) -> impl FnOnce(BoxError) -> BoxError {
        |cause| Box::new(Self { what: what(), cause })
    }
}

/// A number for SQLite, which has no larger one than this. Only a time "for ever" comes near.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// What is in the column `index`.
pub(super) trait Column: Sized {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError>;
}

pub(super) fn get<T: Column>(row: &Row<'_>, index: usize) -> Result<T, BoxError> {
    T::read(row.get_ref(index)?).map_err(|cause| {
        format!("{}: {cause}", row.as_ref().column_name(index).unwrap_or("?")).into()
    })
}

impl Column for i64 {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        Ok(value.as_i64()?)
    }
}

impl Column for u64 {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        let number = value.as_i64()?;
        Self::try_from(number).map_err(|_| format!("the number {number} cannot be").into())
    }
}

impl Column for u32 {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        let number = value.as_i64()?;
        Self::try_from(number).map_err(|_| format!("the number {number} cannot be").into())
    }
}

impl Column for String {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        Ok(value.as_str()?.to_owned())
    }
}

impl Column for Bytes {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        Ok(Self::copy_from_slice(value.as_blob()?))
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        if value == ValueRef::Null { Ok(None) } else { T::read(value).map(Some) }
    }
}

impl Column for ActorId {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        Ok(Self::parse(value.as_str()?)?)
    }
}

impl Column for Channel {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        Ok(Self::parse(value.as_str()?.to_owned())?)
    }
}

impl Column for Metadata {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        let mut metadata = Self::new();
        if value == ValueRef::Null {
            return Ok(metadata);
        }
        let mut rest = value.as_blob()?;
        while !rest.is_empty() {
            let key = take_text(&mut rest)?;
            metadata.insert(key, take_text(&mut rest)?);
        }
        Ok(metadata)
    }
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, BoxError> {
    let length = usize::try_from(decode_varint(rest)?)?;
    let (text, after) = rest.split_at_checked(length).ok_or("a text is cut off")?;
    *rest = after;
    Ok(std::str::from_utf8(text)?)
}

/// The pairs; nothing if there are none.
pub(super) fn metadata(metadata: &Metadata) -> Option<Vec<u8>> {
    if metadata.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    for text in metadata.iter().flat_map(|(key, value)| [key, value]) {
        encode_varint(text.len() as u64, &mut bytes);
        bytes.extend_from_slice(text.as_bytes());
    }
    Some(bytes)
}

/// A type and its bytes, in two columns from `index` on.
pub(super) fn encoded(row: &Row<'_>, index: usize) -> Result<Encoded, BoxError> {
    let type_name: String = get(row, index)?;
    Ok(Encoded { type_name: type_name.into(), bytes: get(row, index + 1)? })
}

/// A position and a subscription, in two columns from `index` on.
pub(super) fn cursor(row: &Row<'_>, index: usize) -> Result<Option<Cursor>, BoxError> {
    let position: Option<u64> = get(row, index)?;
    let subscription: Option<u64> = get(row, index + 1)?;
    match (position, subscription) {
        (None, None) => Ok(None),
        (Some(position), Some(subscription)) => Ok(Some(Cursor {
            position: Position(position),
            subscription: SubscriptionId(subscription),
        })),
        _ => Err("half a cursor".into()),
    }
}

/// The ids of states, the newest last.
pub(super) type StateIds = SmallVec<[u64; 16]>;

impl Column for StateIds {
    fn read(value: ValueRef<'_>) -> Result<Self, BoxError> {
        let mut rest = value.as_blob()?;
        let mut ids = Self::new();
        while !rest.is_empty() {
            ids.push(decode_varint(&mut rest)?);
        }
        Ok(ids)
    }
}

/// Short, since each commit writes them again.
pub(super) fn state_ids(ids: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 * ids.len());
    for id in ids {
        encode_varint(*id, &mut bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::{Column, StateIds, metadata, state_ids};
    use crate::metadata::Metadata;

    #[test]
    fn metadata_comes_back() {
        let mut pairs = Metadata::new();
        assert_eq!(metadata(&pairs), None);
        for (key, value) in [("", ""), ("tenant", "ü"), ("long", &"x".repeat(300))] {
            pairs.insert(key, value);
        }
        let bytes = metadata(&pairs).unwrap();
        assert_eq!(Metadata::read(ValueRef::Blob(&bytes)).unwrap(), pairs);
        for cut in 1..bytes.len() {
            // A cut after a value leaves fewer pairs; every other one is noticed.
            if let Ok(fewer) = Metadata::read(ValueRef::Blob(&bytes[..cut])) {
                assert!(fewer.iter().count() < 3, "cut at {cut}");
            }
        }
        assert!(Metadata::read(ValueRef::Blob(&[0xff; 12])).is_err());
        assert!(Metadata::read(ValueRef::Blob(&[1, 0xff, 0])).is_err());
    }

    #[test]
    fn ids_of_states_come_back() {
        for ids in [&[][..], &[0], &[1, 127, 128, 3], &[u64::MAX; 20]] {
            let bytes = state_ids(ids);
            assert_eq!(StateIds::read(ValueRef::Blob(&bytes)).unwrap().as_slice(), ids);
        }
        assert!(StateIds::read(ValueRef::Blob(&[1, 0x80])).is_err());
    }
}
