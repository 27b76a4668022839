//! Who answers in an action's place.

use std::fmt;

use super::address::Address;
use crate::actor::{Actor, ActorId};
use crate::call::{Call, CallOptions};
use crate::dispatch::Payload;
use crate::error::{Error, ErrorKind, Result};
use crate::metadata::Metadata;
use crate::parcel::Parcel;

/// An [`Onward`] as an answer that is kept: who was asked for it, and with what.
#[crate::message(name = "spawn.Onward", crate = crate)]
struct Kept {
    name: String,
    instance: Option<String>,
    action: String,
    type_name: String,
    payload: Vec<u8>,
}

/// What an action came to: a response, or who gives it in its place.
#[derive(Debug)]
pub(crate) enum Answered<R, N> {
    Here(R),
    Onward(Box<N>),
}

impl<R, N> Answered<R, N> {
    pub(crate) fn map<T>(self, f: impl FnOnce(R) -> T) -> Answered<T, N> {
        match self {
            Self::Here(response) => Answered::Here(f(response)),
            Self::Onward(next) => Answered::Onward(next),
        }
    }
}

/// A call that is made when what the action did is saved, and whose response is the action's.
pub(crate) struct Onward {
    pub(crate) address: Address,
    pub(crate) payload: Parcel,
    pub(crate) options: CallOptions,
    /// Whether it goes on from somewhere else already.
    pub(crate) is_second: bool,
}

impl Onward {
    pub(super) fn new(address: Address, payload: Parcel) -> Self {
        Self { address, payload, options: CallOptions::default(), is_second: false }
    }

    /// As bytes, for an answer that is kept.
    ///
    /// # Errors
    /// If the payload cannot be encoded.
    pub(crate) fn to_parcel(target: &ActorId, action: &str, payload: &Parcel) -> Result<Parcel> {
        let encoded = payload.to_encoded()?;
        Ok(Parcel::new(Kept {
            name: target.name().to_owned(),
            instance: target.instance().map(str::to_owned),
            action: action.to_owned(),
            type_name: encoded.type_name.into_owned(),
            payload: encoded.bytes.to_vec(),
        }))
    }

    /// Reads what [`to_parcel`](Self::to_parcel) has written; `None` if it is a response.
    pub(crate) fn from_parcel(parcel: &Parcel, metadata: Metadata) -> Result<Option<Self>> {
        if !parcel.is::<Kept>() {
            return Ok(None);
        }
        let kept: Kept = parcel.decode()?;
        let address = match kept.instance {
            Some(instance) => Address::by_name(instance, kept.action).reference(kept.name),
            None => Address::by_name(kept.name, kept.action),
        };
        let mut onward = Self::new(address, Parcel::encoded(&kept.type_name, kept.payload));
        onward.options.metadata = metadata;
        Ok(Some(onward))
    }

    /// # Errors
    /// If the action has sent its caller to two places.
    pub(crate) fn check(&self) -> Result<()> {
        if !self.is_second {
            return Ok(());
        }
        let message = "the action goes on from two places; pipe or forward once, and go on from there in the next action";
        Err(Error::new(ErrorKind::Cycle, message))
    }
}

impl<A: Actor, P: Payload, R: 'static> From<Call<A, P, R>> for Onward {
    fn from(call: Call<A, P, R>) -> Self {
        let (address, payload, options) = call.into_parts();
        Self { address, payload, options, is_second: false }
    }
}

impl fmt::Debug for Onward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Onward")
            .field("address", &self.address)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}
