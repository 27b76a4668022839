//! Bytes that are said to be a message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spawn::{Json, Message, Parcel, TypeName};

/// A field of every shape, as `interop` tests them beside those of `prost-build`.
#[path = "../../interop/src/ours.rs"]
pub(crate) mod ours;

/// The same messages as `prost-build` generates them.
#[expect(clippy::pedantic, unreachable_pub, unnameable_types, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/interop.rs"));
}

/// A type that serde reads and writes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Basket {
    owner: String,
    #[serde(default)]
    lines: Vec<(String, u32)>,
    note: Option<String>,
    #[serde(default)]
    prices: BTreeMap<String, f64>,
    paid: Paid,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Paid {
    No,
    Cash(i64),
    Card { number: String },
}

/// The first byte says which type the others are said to be of.
///
/// What is read can be written, what was written can be read, and is written the same again; what `prost-build` generates reads
/// it as well, and writes it the same.
pub fn messages(data: &[u8]) {
    let Some((which, bytes)) = data.split_first() else { return };
    match which % 20 {
        0 => beside::<ours::Scalars, generated::Scalars>(bytes),
        1 => beside::<ours::Optionals, generated::Optionals>(bytes),
        2 => beside::<ours::Repeated, generated::Repeated>(bytes),
        3 => beside::<ours::Maps, generated::Maps>(bytes),
        4 => beside::<ours::Order, generated::Order>(bytes),
        5 => {
            beside::<ours::Line, generated::Line>(bytes);
            read_by_newer::<ours::Line, generated::NewerLine>(bytes);
        }
        6 => drop(alone::<ours::Payment>(bytes)),
        7 => read_by_newer::<ours::Contact, generated::NewerContact>(bytes),
        8 => drop(alone::<String>(bytes)),
        9 => drop(alone::<bool>(bytes)),
        10 => drop(alone::<i32>(bytes)),
        11 => drop(alone::<i64>(bytes)),
        12 => drop(alone::<u32>(bytes)),
        13 => drop(alone::<u64>(bytes)),
        14 => drop(alone::<f64>(bytes)),
        15 => drop(alone::<Vec<u8>>(bytes)),
        16 => drop(alone::<()>(bytes)),
        17 => drop(alone::<Json<serde_json::Value>>(bytes)),
        18 => drop(alone::<Json<Vec<Option<f64>>>>(bytes)),
        _ => drop(alone::<Json<Basket>>(bytes)),
    }
}

/// What is written of what was read, if it can be read.
fn alone<M: Message + 'static>(bytes: &[u8]) -> Option<Vec<u8>> {
    let name = TypeName::of::<M>().to_string();
    let parcel = Parcel::encoded(&name, bytes.to_vec());
    assert!(parcel.is::<M>(), "{name} is not called so");
    let message = match parcel.decode::<M>() {
        Ok(message) => message,
        Err(error) => {
            assert_eq!(error.kind(), spawn::ErrorKind::Decode);
            assert!(error.to_string().contains(&name), "{error}");
            return None;
        }
    };
    let written = Parcel::new(message).to_bytes().expect("what was read can be written");
    let again = Parcel::encoded(&name, written.clone()).decode::<M>();
    let again = Parcel::new(again.expect("what was written can be read"));
    assert_eq!(again.to_bytes().expect("it was written before"), written);
    Some(written.to_vec())
}

/// A program with more fields reads what this one writes.
fn read_by_newer<M: Message + 'static, G: prost::Message + Default>(bytes: &[u8]) {
    if let Some(written) = alone::<M>(bytes) {
        G::decode(&*written).expect("a newer program reads it");
    }
}

fn beside<M: Message + 'static, G: prost::Message + Default>(bytes: &[u8]) {
    let Some(written) = alone::<M>(bytes) else { return };
    G::decode(bytes).expect("prost reads what can be read here");
    let theirs = G::decode(&*written).expect("prost reads what was written here");
    assert_eq!(theirs.encode_to_vec(), written);
}
