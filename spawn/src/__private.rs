//! What the macros' output calls. Not for people, and without any promise between versions.

pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::default::Default;
pub use core::fmt::{self, Debug};
pub use core::option::Option::{self, None, Some};
pub use core::panic::Location;
pub use core::primitive::{bool, i32, str, u32, usize};
pub use core::result::Result::{self, Err, Ok};
pub use core::time;
pub use std::boxed::Box;
pub use std::string::String;
pub use std::sync::OnceLock;

pub use bytes::{Buf, BufMut};
pub use inventory;
pub use prost;
pub use prost::encoding::{DecodeContext, WireType, skip_field};

pub use crate::actor::{Actor, Kind, Named, Unnamed};
pub use crate::attribute_hints as hints;
pub use crate::call::Call;
pub use crate::client::ActorRef;
pub use crate::client_impls as client;
pub use crate::definition::Definition;
pub use crate::dispatch::{
    Accepts, ActionEntry, Begun, ChannelEntry, Clause, ClauseEntry, Codec, Durable, Failure,
    Handler, Input, Lend, Loan, Look, Maker, NoResponse, Outcome, Plain, ReplyCheck, ResourceEntry,
    Response, ResponseName, Returned, Returns, Run, Running, Shape, State, Table, TimerEntry,
    assert_init, assert_reply, clause, codec, durable, heard, instance_by, instance_of, silent,
    silent_codec,
};
pub use crate::field_of;
#[cfg(rust_analyzer)]
pub use crate::hints::offered;
#[cfg(feature = "json")]
pub use crate::json::AsJson;
pub use crate::message::{
    Described, Element, Encoded, Enumeration, Field, FieldCheck, FieldKind, FieldOf, FieldShape,
    Form, Key, KeyCheck, KeyField, Kind as ValueKind, MapField, Member, Oneof, OneofField,
    Reported, Value, VariantField, Variants, assert_encoded, assert_field, assert_key, assert_map,
    assert_oneof, assert_tags, assert_variant, first_tag, has_tag, in_field, reported, shape,
    sorted, unknown_variant,
};
pub use crate::parcel::AsMessage;
pub use crate::retry::Retry;
pub use crate::returned;
pub use crate::system::{MessageRegistration, Registration};

/// The traits behind questions that are asked of types; see `dispatch::reply`.
pub mod probes {
    pub use crate::dispatch::{AnyLoan as _, AnyMaker as _, AnyReplyCheck as _, AnyShape as _};
    pub use crate::message::{AnyFieldCheck as _, AnyFieldShape as _, AnyKeyCheck as _};
}

/// What the client of an actor is, beside its methods.
#[doc(hidden)]
#[macro_export]
macro_rules! client_impls {
    ($client:ident, $actor:ty) => {
        impl ::core::convert::From<$crate::__private::ActorRef<$actor>> for $client {
            fn from(actor: $crate::__private::ActorRef<$actor>) -> Self {
                Self(actor)
            }
        }

        impl ::core::clone::Clone for $client {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }

        impl ::core::fmt::Debug for $client {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}
