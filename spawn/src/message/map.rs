//! Maps: many entries, each of which is encoded like a message with two fields.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType};

use super::describe::Kind;
use super::field::Field;
use super::shape;
use super::value::{Key, Value};

/// An entry, which is encoded like a message.
struct Entry<K, V, const KEYS: u8, const OF: u8> {
    key: K,
    value: V,
}

impl<K: Key<KEYS>, V: Value<OF>, const KEYS: u8, const OF: u8> Entry<K, V, KEYS, OF> {
    fn absent() -> Self {
        Self { key: K::absent(), value: V::absent() }
    }
}

impl<K, V, const KEYS: u8, const OF: u8> prost::Message for Entry<K, V, KEYS, OF>
where
    K: Key<KEYS> + Send + Sync,
    V: Value<OF> + Send + Sync,
{
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        encode_entry(&self.key, &self.value, buffer);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => self.key.merge(wire, buffer, context),
            2 => self.value.merge(wire, buffer, context),
            _ => encoding::skip_field(wire, tag, buffer, context),
        }
    }

    fn encoded_len(&self) -> usize {
        entry_length(&self.key, &self.value)
    }

    fn clear(&mut self) {
        *self = Self::absent();
    }
}

fn encode_entry<K, V, const KEYS: u8, const OF: u8>(key: &K, value: &V, buffer: &mut impl BufMut)
where
    K: Key<KEYS>,
    V: Value<OF>,
{
    if !key.is_default() {
        key.encode(1, buffer);
    }
    if !value.is_default() {
        value.encode(2, buffer);
    }
}

fn entry_length<K, V, const KEYS: u8, const OF: u8>(key: &K, value: &V) -> usize
where
    K: Key<KEYS>,
    V: Value<OF>,
{
    let key_length = if key.is_default() { 0 } else { key.length(1) };
    let value_length = if value.is_default() { 0 } else { value.length(2) };
    key_length + value_length
}

/// Both kinds of map are encoded alike, with keys of each encoding.
macro_rules! maps {
    ($($map:ty where [$($parameters:tt)*];)*) => {$(
        maps!(@one $map, [$($parameters)*], MAP, SCALAR);
        maps!(@one $map, [$($parameters)*], MAP_SINT, SINT);
        maps!(@one $map, [$($parameters)*], MAP_FIXED, FIXED);
    )*};
    (@one $map:ty, [$($parameters:tt)*], $shape:ident, $keys:ident) => {
        #[diagnostic::do_not_recommend]
        impl<K, V, const OF: u8, $($parameters)*> Field<{ shape::$shape }, OF> for $map
        where
            K: Key<{ shape::$keys }> + Send + Sync,
            V: Value<OF> + Send + Sync,
        {
            const KIND: Kind = Kind::Map(&K::KIND, &V::KIND);

            fn absent() -> Self {
                Self::default()
            }

            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                for (key, value) in self {
                    let length = entry_length::<_, _, { shape::$keys }, OF>(key, value);
                    encoding::encode_key(tag, WireType::LengthDelimited, buffer);
                    encoding::encode_varint(length as u64, buffer);
                    encode_entry::<_, _, { shape::$keys }, OF>(key, value, buffer);
                }
            }

            fn merge(
                &mut self,
                _tag: u32,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                let mut entry = Entry::<K, V, { shape::$keys }, OF>::absent();
                encoding::message::merge(wire, &mut entry, buffer, context)?;
                self.insert(entry.key, entry.value);
                Ok(())
            }

            fn length(&self, tag: u32) -> usize {
                let entries = self.iter().map(|(key, value)| {
                    let length = entry_length::<_, _, { shape::$keys }, OF>(key, value);
                    encoding::encoded_len_varint(length as u64) + length
                });
                encoding::key_len(tag) * self.len() + entries.sum::<usize>()
            }
        }
    };
}

maps! {
    HashMap<K, V, S> where [S: BuildHasher + Clone + Default];
    BTreeMap<K, V> where [];
}
