//! A message of any type, as it travels where types are not known.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::{Error, ErrorKind, Result};
use crate::message::{Message, TypeName};
use crate::store::Encoded;

/// A message whose type is known by name.
///
/// Inside a process it holds the value itself, shared; from a border (disk, network, another language) it holds the encoded
/// bytes. [`decode`](Parcel::decode) gives the typed value either way. An action clause that takes a `Parcel` takes every type.
///
/// # Examples
///
/// ```
/// use spawn::Parcel;
///
/// let parcel = Parcel::new(7_i64);
/// assert_eq!(parcel.type_name(), "google.protobuf.Int64Value");
/// assert_eq!(parcel.decode::<i64>()?, 7);
/// # Ok::<(), spawn::Error>(())
/// ```
#[derive(Clone)]
pub struct Parcel(Content);

#[derive(Clone)]
enum Content {
    Typed(Arc<dyn AnyMessage>),
    /// A value without a size, such as `()`: there is nothing to keep, and so nothing is allocated.
    Empty(&'static dyn AnyMessage),
    Encoded {
        type_name: Arc<str>,
        bytes: Bytes,
    },
}

/// A message without its type.
trait AnyMessage: Any + Send + Sync + fmt::Debug {
    fn type_name(&self) -> TypeName<'static>;
    fn full_name(&self) -> Cow<'static, str>;
    fn encode(&self) -> Result<Bytes>;
}

impl<M: Message + 'static> AnyMessage for M {
    fn type_name(&self) -> TypeName<'static> {
        TypeName::of::<M>()
    }

    fn full_name(&self) -> Cow<'static, str> {
        (M::FORM.full_name)()
    }

    fn encode(&self) -> Result<Bytes> {
        (M::FORM.encode)(self)
    }
}

impl Parcel {
    /// Packs a message, without encoding it.
    pub fn new<M: Message + 'static>(message: M) -> Self {
        if const { size_of::<M>() == 0 } {
            // A box of nothing has no memory that could leak.
            return Self(Content::Empty(Box::leak(Box::new(message))));
        }
        Self(Content::Typed(Arc::new(message)))
    }

    /// The value, if it was never encoded.
    fn value(&self) -> Option<&dyn AnyMessage> {
        match &self.0 {
            Content::Typed(message) => Some(&**message),
            Content::Empty(message) => Some(*message),
            Content::Encoded { .. } => None,
        }
    }

    /// Packs bytes that are said to be an encoded message of the type `type_name` (`package.Name`, or a type URL). Whether they are
    /// turns out when they are decoded.
    pub fn encoded(type_name: &str, bytes: impl Into<Bytes>) -> Self {
        let type_name = TypeName::parse(type_name).to_full().into();
        Self(Content::Encoded { type_name, bytes: bytes.into() })
    }

    /// The full name of the message's type.
    pub fn type_name(&self) -> TypeName<'_> {
        match &self.0 {
            Content::Typed(message) => (**message).type_name(),
            Content::Empty(message) => (**message).type_name(),
            Content::Encoded { type_name, .. } => TypeName::parse(type_name),
        }
    }

    /// Whether the message is an `M`, judged by its type or its name. JSON whose type nobody gave may be a `Json` of any type.
    pub fn is<M: Message + 'static>(&self) -> bool {
        self.downcast_ref::<M>().is_some() || self.type_name().reads_as(TypeName::of::<M>())
    }

    /// The message itself, if it is an `M` that was never encoded.
    pub fn downcast_ref<M: Message + 'static>(&self) -> Option<&M> {
        self.value().and_then(|message| (message as &dyn Any).downcast_ref())
    }

    /// The message as an `M`: a clone of the value, or decoded from the bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if it is of another type, or the bytes are no `M`.
    pub fn decode<M: Message + 'static>(&self) -> Result<M> {
        match self.downcast_ref::<M>() {
            Some(message) => Ok(message.clone()),
            None => self.decode_bytes(),
        }
    }

    /// As [`decode`](Parcel::decode), without the clone where this is the last reference to the value.
    ///
    /// # Errors
    /// As for [`decode`](Parcel::decode).
    pub fn into_message<M: Message + 'static>(self) -> Result<M> {
        match self.0 {
            Content::Typed(message) if (*message).type_id() == TypeId::of::<M>() => {
                match (message as Arc<dyn Any + Send + Sync>).downcast::<M>() {
                    Ok(message) => Ok(Arc::unwrap_or_clone(message)),
                    Err(_) => Err(Error::new(ErrorKind::Decode, "the value changed its type")),
                }
            }
            Content::Empty(message) if (*message).type_id() == TypeId::of::<M>() => {
                Self(Content::Empty(message)).decode()
            }
            content => Self(content).decode_bytes(),
        }
    }

    fn decode_bytes<M: Message>(&self) -> Result<M> {
        let wanted = TypeName::of::<M>();
        if !self.type_name().reads_as(wanted) {
            let message = format!("a {} is not a {wanted}", self.type_name());
            return Err(Error::new(ErrorKind::Decode, message));
        }
        (M::FORM.decode)(self.to_bytes()?).map_err(|cause| {
            Error::new(ErrorKind::Decode, format!("malformed {wanted}")).caused_by(cause)
        })
    }

    /// The encoded message: protobuf, or the text of a [`Json`](crate::Json). A value is encoded each time this is called; bytes are shared.
    ///
    /// # Errors
    /// [`ErrorKind::Encode`] if serde cannot write the value of a `Json`. Other messages can always be encoded.
    pub fn to_bytes(&self) -> Result<Bytes> {
        match &self.0 {
            Content::Typed(message) => message.encode(),
            Content::Empty(message) => message.encode(),
            Content::Encoded { bytes, .. } => Ok(bytes.clone()),
        }
    }

    /// The encoded message, with the name of its type.
    pub(crate) fn to_encoded(&self) -> Result<Encoded> {
        Ok(Encoded { type_name: self.full_name(), bytes: self.to_bytes()? })
    }

    /// The full name of the message's type, as text.
    pub(crate) fn full_name(&self) -> Cow<'static, str> {
        match &self.0 {
            Content::Typed(message) => (**message).full_name(),
            Content::Empty(message) => (**message).full_name(),
            Content::Encoded { type_name, .. } => type_name.to_string().into(),
        }
    }

    /// How many bytes it has, if it is encoded.
    pub(crate) fn size(&self) -> Option<usize> {
        match &self.0 {
            Content::Encoded { bytes, .. } => Some(bytes.len()),
            Content::Typed(_) | Content::Empty(_) => None,
        }
    }

    /// The Rust type of the value, if it was never encoded.
    pub(crate) fn value_type(&self) -> Option<TypeId> {
        self.value().map(|message| (*message).type_id())
    }
}

impl<M: Message + 'static> From<M> for Parcel {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}

/// What can be sent where types are not known: a [`Message`], a [`Parcel`], and with the feature `json` a `serde_json::Value`.
///
/// `K` tells these apart, and is never written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent: it is not a message",
    label = "not a message",
    note = "put `#[message(name = \"package.Name\")]` on the struct, or send a `Json(..)` of what is `Serialize + DeserializeOwned + Clone`"
)]
pub trait IntoParcel<K> {
    #[doc(hidden)]
    fn into_parcel(self) -> Parcel;
}

/// The `K` of messages.
#[doc(hidden)]
#[derive(Debug)]
pub enum AsMessage {}

#[diagnostic::do_not_recommend]
impl<P: Into<Parcel>> IntoParcel<AsMessage> for P {
    fn into_parcel(self) -> Parcel {
        self.into()
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Typed(message) => message.fmt(f),
            Content::Empty(message) => message.fmt(f),
            Content::Encoded { type_name, bytes } => {
                write!(f, "{type_name}({} bytes)", bytes.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_not_encoded_on_its_way() {
        let text = "x".repeat(100);
        let address = text.as_ptr();
        let parcel = Parcel::new(text);
        assert_eq!(parcel.downcast_ref::<String>().unwrap().as_ptr(), address);
        let text = parcel.into_message::<String>().unwrap();
        assert_eq!(text.as_ptr(), address, "moved, not cloned");
    }

    #[test]
    fn bytes_are_decoded_by_name() {
        let parcel = Parcel::encoded(
            "type.googleapis.com/google.protobuf.Int64Value",
            Parcel::new(5_i64).to_bytes().unwrap(),
        );
        assert!(parcel.is::<i64>() && !parcel.is::<u64>());
        assert_eq!(parcel.decode::<i64>().unwrap(), 5);
        let error = parcel.decode::<String>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            "a google.protobuf.Int64Value is not a google.protobuf.StringValue"
        );
    }

    #[test]
    fn malformed_bytes_are_an_error() {
        let parcel = Parcel::encoded("google.protobuf.StringValue", vec![0x0a, 0x05, b'x']);
        let error = parcel.into_message::<String>().unwrap_err();
        assert_eq!(error.to_string(), "malformed google.protobuf.StringValue");
        assert!(std::error::Error::source(&error).is_some());
    }
}
