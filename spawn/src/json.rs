//! Messages that are carried as JSON.

use std::any::{self, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::value::Error as Malformed;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};

use crate::error::{Error, ErrorKind};
use crate::message::{Form, Message, TypeName};
use crate::parcel::{IntoParcel, Parcel};

/// A value of any serde type as a payload, a response or an event: needs no [`#[message]`](macro@crate::message).
///
/// Inside a process it travels as it is, as every message does. It is written as JSON where it is saved: as an event of a durable channel,
/// an effect, a scheduled call, or the answer to a call with an idempotency key. If serde cannot write it (a map whose keys are no
/// text), that is an [`ErrorKind::Encode`], and the action changes nothing.
///
/// `T` is `Clone` beside `Serialize` and `DeserializeOwned`, since an event is handed to many. It needs no `Debug`: a `Json` prints its JSON.
///
/// # By name
///
/// A `serde_json::Value` is a payload of a call [by name](crate::System::invoke): the action that it is for takes a `Json<T>`, which is
/// made of it, and its response can be read as a `Json<serde_json::Value>`. If the action has clauses for several `Json`s it is for none,
/// and neither is it for a clause that takes another message, whose fields have no names in its encoding: both are
/// [`ErrorKind::UnsupportedPayload`]. JSON that is no `T` is [`ErrorKind::Decode`], with what serde says as its cause.
///
/// As an event, a `Value` or a `Json<Value>` goes to every clause that would take it in a call; a clause that takes a `Json<Value>`
/// takes JSON of every type.
///
/// # What it is called
///
/// `spawn.json.` and what serde calls the type: its name, or `#[serde(rename = "..")]`, which keeps what was saved readable when the
/// type gets another name. Where serde has no name for it (a flattened struct, a tagged enum), that of the Rust type without its
/// modules is taken. A list, a map or another generic type that serde does not name is called by its whole Rust path: wrap in a
/// struct what is to last. A system in which an action has two clauses for one name does not start.
///
/// The state of a durable actor is no `Json`, but a message: it has a `Default`, and its fields can come and go.
///
/// # Examples
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use serde_json::json;
/// use spawn::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize)]
/// pub struct OrderData { sku: String, quantity: u32 }
///
/// #[derive(Clone, PartialEq, Serialize, Deserialize)]
/// pub struct Order { id: String, sku: String }
///
/// # #[derive(Default)] pub struct Orders;
/// #[actor(stateful = false)]
/// impl Orders {
///     #[action]
///     fn create(&self, Json(data): Json<OrderData>) -> Json<Order> {
///         Json(Order { id: format!("{}x{}", data.quantity, data.sku), sku: data.sku })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("json").in_memory().only::<(Orders,)>().start().await?;
/// let data = OrderData { sku: "tea".to_owned(), quantity: 2 };
/// let order = system.actor::<Orders>().create(Json(data)).await?;
/// assert_eq!(order.id, "2xtea");
///
/// let response = system.invoke("orders", "create", json!({ "sku": "tea", "quantity": 2 })).await?;
/// assert_eq!(response.decode::<Json<serde_json::Value>>()?.0, json!({ "id": "2xtea", "sku": "tea" }));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

#[diagnostic::do_not_recommend]
impl<T> Message for Json<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    const FORM: Form<Self> = Form {
        type_name: name::<T>,
        full_name: || Cow::Owned(name::<T>().to_string()),
        encode: |Self(value)| {
            let text = serde_json::to_vec(value).map_err(|cause| {
                let message = format!("a {} cannot be written as JSON", name::<T>());
                Error::new(ErrorKind::Encode, message).caused_by(cause)
            })?;
            Ok(text.into())
        },
        decode: |text| Ok(Self(serde_json::from_slice(&text)?)),
    };
}

/// The `K` of JSON.
#[doc(hidden)]
#[derive(Debug)]
pub enum AsJson {}

#[diagnostic::do_not_recommend]
impl IntoParcel<AsJson> for serde_json::Value {
    fn into_parcel(self) -> Parcel {
        Parcel::new(Json(self))
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Serialize> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(&self.0) {
            Ok(text) => f.write_str(&text),
            Err(error) => write!(f, "{}({error})", any::type_name::<Self>()),
        }
    }
}

/// What a `T` is called.
fn name<T: DeserializeOwned + 'static>() -> TypeName<'static> {
    if TypeId::of::<T>() == TypeId::of::<serde_json::Value>() {
        return TypeName::UNTYPED_JSON;
    }
    let mut named = None;
    // It fails, since there is nothing to read, and has said by then what it wants to read.
    let _nothing = T::deserialize(Asked { named: &mut named });
    TypeName::json(named.unwrap_or_else(|| without_modules(any::type_name::<T>())))
}

/// `shop::orders::Order` is `Order`; a path with others in it stays as it is.
fn without_modules(path: &'static str) -> &'static str {
    let is_plain = path.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b':');
    path.rsplit("::").next().filter(|_| is_plain).unwrap_or(path)
}

/// Holds nothing, and takes down the name of the type that is asked for.
struct Asked<'a> {
    named: &'a mut Option<&'static str>,
}

impl Asked<'_> {
    fn note<T>(self, name: &'static str) -> Result<T, Malformed> {
        *self.named = Some(name);
        nothing()
    }
}

fn nothing<T>() -> Result<T, Malformed> {
    Err(serde::de::Error::custom("nothing"))
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Malformed;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Malformed> {
        nothing()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: V,
    ) -> Result<V::Value, Malformed> {
        self.note(name)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: V,
    ) -> Result<V::Value, Malformed> {
        self.note(name)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Malformed> {
        self.note(name)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Malformed> {
        self.note(name)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Malformed> {
        self.note(name)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit seq tuple map
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use serde::Deserialize;

    use super::*;

    fn named<T>() -> String
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        TypeName::of::<Json<T>>().to_string()
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Order {
        id: String,
    }

    #[derive(Clone, Serialize, Deserialize)]
    #[serde(rename = "shop/v1.Order")]
    struct Renamed {
        id: String,
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Number(u64);

    #[derive(Clone, Serialize, Deserialize)]
    enum Status {
        Open,
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        rest: BTreeMap<String, String>,
    }

    #[derive(Clone, Serialize, Deserialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Open { id: String },
    }

    #[test]
    fn a_type_is_called_what_serde_calls_it_or_else_rust_without_its_modules() {
        assert_eq!(named::<Order>(), "spawn.json.Order");
        assert_eq!(named::<Renamed>(), "spawn.json.shop/v1.Order");
        assert_eq!(named::<Number>(), "spawn.json.Number");
        assert_eq!(named::<Status>(), "spawn.json.Status");
        assert_eq!(named::<Flat>(), "spawn.json.Flat");
        assert_eq!(named::<Tagged>(), "spawn.json.Tagged");
        assert_eq!(named::<i64>(), "spawn.json.i64");
        assert!(named::<Vec<Order>>().ends_with("::Order>"));
        assert_eq!(named::<serde_json::Value>(), "spawn.Json");
    }

    #[test]
    fn a_name_is_found_again_after_it_was_written() {
        let parcel = Parcel::new(Json(Renamed { id: "1".to_owned() }));
        let encoded = parcel.to_encoded().unwrap();
        let read = Parcel::encoded(&encoded.type_name, encoded.bytes);
        assert!(read.is::<Json<Renamed>>() && !read.is::<Json<Order>>());
        assert_eq!(read.decode::<Json<Renamed>>().unwrap().id, "1");
    }

    #[test]
    fn what_serde_refuses_to_write_is_an_error() {
        let parcel = Parcel::new(Json(HashMap::from([((1, 2), 3)])));
        let error = parcel.to_bytes().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(format!("{error:?}").contains("key must be a string"), "{error:?}");
        assert!(format!("{parcel:?}").contains("key must be a string"), "{parcel:?}");
    }

    /// Found by fuzzing: without a feature of its own, `serde_json` reads some numbers as one of their neighbours.
    #[test]
    fn a_number_comes_back_as_it_was() {
        for number in [1.000_000_112_670_681_1e26, 0.1 + 0.2, f64::MIN_POSITIVE, f64::MAX, 5e-324] {
            let bytes = Parcel::new(Json(number)).to_bytes().unwrap();
            let read = Parcel::encoded("spawn.json.f64", bytes).decode::<Json<f64>>().unwrap();
            assert_eq!(read.0.to_bits(), number.to_bits(), "{number}");
        }
    }

    #[test]
    fn what_is_read_as_json_is_the_text_alone() {
        let parcel = Parcel::new(Json(Order { id: "1".to_owned() }));
        assert_eq!(parcel.to_bytes().unwrap(), br#"{"id":"1"}"#[..]);
        assert_eq!(format!("{parcel:?}"), r#"{"id":"1"}"#);
    }
}
