//! Messages: values with a full name and a stable encoding.

mod describe;
mod field;
mod map;
mod member;
mod oneof;
pub mod shape;
mod time;
mod value;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::error::{BoxError, Result};

pub use self::describe::{Described, FieldKind, Kind};
pub use self::field::{Field, in_field};
pub use self::member::{
    AnyFieldCheck, AnyKeyCheck, Encoded, FieldCheck, FieldOf, KeyCheck, KeyField, MapField, Member,
    OneofField, Reported, VariantField, assert_encoded, assert_field, assert_key, assert_map,
    assert_oneof, assert_variant, reported,
};
pub use self::oneof::{Oneof, Variants, assert_tags, first_tag, has_tag, sorted, unknown_variant};
pub use self::shape::{AnyFieldShape, Element, FieldShape};
pub use self::value::{Enumeration, Key, Value};

/// A value that can be a payload, a response, or an event.
///
/// Implemented for everything that implements [`prost::Message`] and [`prost::Name`], is `Clone` and `Debug`, and has a `Default`: structs and
/// enums with data under [`#[message]`](macro@crate::message), messages that `prost-build` generated from a `.proto` file, and the scalars that
/// prost treats as the well-known wrapper types (`String`, `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `Vec<u8>`, `()`). All of these but
/// the last can be an actor's state. With the feature `json` also for [`Json<T>`](crate::Json) of any serde type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message",
    label = "not a message",
    note = "put `#[message(name = \"package.Name\")]` on the struct; types that `prost-build` generated are messages already",
    note = "`Json<T>` is one of any `T` that is `Serialize + DeserializeOwned + Clone`"
)]
pub trait Message: Clone + fmt::Debug + Send + Sync {
    #[doc(hidden)]
    const FORM: Form<Self>;
}

/// What a message is called, and how it is encoded where it leaves the process.
#[doc(hidden)]
#[derive(Debug)]
pub struct Form<M> {
    pub(crate) type_name: fn() -> TypeName<'static>,
    pub(crate) full_name: fn() -> Cow<'static, str>,
    pub(crate) encode: fn(&M) -> Result<Bytes>,
    pub(crate) decode: fn(Bytes) -> Result<M, BoxError>,
}

#[diagnostic::do_not_recommend]
impl<M: prost::Message + prost::Name + Default + Clone + fmt::Debug> Message for M {
    const FORM: Form<M> = Form {
        type_name: TypeName::named::<M>,
        full_name: full_name::<M>,
        encode: |message| Ok(message.encode_to_vec().into()),
        decode: |bytes| Ok(M::decode(bytes)?),
    };
}

/// The full name of a message: its package and its name, as in `shop.OrderCreated`.
/// # Examples
///
/// ```
/// use spawn::TypeName;
///
/// let name = TypeName::parse("shop.v1.OrderCreated");
/// assert_eq!((name.package(), name.name()), ("shop.v1", "OrderCreated"));
/// assert_eq!(TypeName::of::<String>(), "google.protobuf.StringValue");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeName<'a> {
    package: &'a str,
    name: &'a str,
}

/// The package of what is carried as JSON.
const JSON: &str = "spawn.json";

impl TypeName<'static> {
    /// JSON of which nobody said what it is.
    pub(crate) const UNTYPED_JSON: Self = Self { package: "spawn", name: "Json" };

    /// The full name of `M`.
    pub fn of<M: Message>() -> Self {
        (M::FORM.type_name)()
    }

    /// As [`of`](Self::of), when the program is compiled.
    pub(crate) const fn named<M: prost::Name>() -> Self {
        Self { package: M::PACKAGE, name: M::NAME }
    }

    /// JSON of what is called `name`.
    #[cfg(feature = "json")]
    pub(crate) const fn json(name: &'static str) -> Self {
        Self { package: JSON, name }
    }
}

/// The full names of messages, put together when the program is compiled.
trait FullName {
    const FULL: Option<&'static str>;
}

impl<M: prost::Name> FullName for M {
    const FULL: Option<&'static str> = const { &Joined::new(M::PACKAGE, M::NAME) }.text();
}

/// A package and a name with a dot between them.
struct Joined {
    bytes: [u8; Self::LONGEST],
    /// `None` if they are too long.
    length: Option<usize>,
}

impl Joined {
    const LONGEST: usize = 255;

    const fn new(package: &str, name: &str) -> Self {
        let mut joined = Self { bytes: [0; Self::LONGEST], length: Some(0) };
        if !package.is_empty() {
            joined = joined.with(package).with(".");
        }
        joined.with(name)
    }

    const fn with(mut self, text: &str) -> Self {
        let Some(length) = self.length else { return self };
        let rest = self.bytes.split_at_mut(length).1;
        if rest.len() < text.len() {
            self.length = None;
        } else {
            rest.split_at_mut(text.len()).0.copy_from_slice(text.as_bytes());
            self.length = Some(length + text.len());
        }
        self
    }

    const fn text(&self) -> Option<&str> {
        match self.length {
            Some(length) => match str::from_utf8(self.bytes.split_at(length).0) {
                Ok(text) => Some(text),
                Err(_) => None,
            },
            None => None,
        }
    }
}

/// The full name of `M`, as text.
pub(crate) fn full_name<M: prost::Name>() -> Cow<'static, str> {
    M::FULL.map_or_else(|| TypeName::named::<M>().to_string().into(), Cow::Borrowed)
}

impl<'a> TypeName<'a> {
    /// Splits `full` at its last dot. A type URL (`type.googleapis.com/shop.OrderCreated`) loses what is before the slash.
    pub fn parse(full: &'a str) -> Self {
        // What serde calls a type may have dots and slashes in it.
        let json = full.strip_prefix(JSON).and_then(|rest| rest.strip_prefix('.'));
        // Each event is asked for its type, and hardly any has a slash: a search for more than one character is many times as dear.
        let url = full.rsplit_once('/');
        let json_in_url = || url.and_then(|_| full.split_once("/spawn.json."));
        if let Some(name) = json.or_else(|| json_in_url().map(|(_, name)| name)) {
            return Self { package: JSON, name };
        }
        let full = url.map_or(full, |(_, name)| name);
        let (package, name) = full.rsplit_once('.').unwrap_or(("", full));
        Self { package, name }
    }

    /// The two with the dot between them.
    pub(crate) fn to_full(self) -> String {
        if self.package.is_empty() {
            return self.name.to_owned();
        }
        [self.package, self.name].join(".")
    }

    /// What is before the last dot; may be empty.
    pub const fn package(self) -> &'a str {
        self.package
    }

    /// What is after the last dot.
    pub const fn name(self) -> &'a str {
        self.name
    }

    /// Whether bytes under this name can be read as what is called `wanted`. JSON of no type may be of any, and is read without one.
    pub(crate) fn reads_as(self, wanted: TypeName<'_>) -> bool {
        let untyped = TypeName::UNTYPED_JSON;
        self == wanted
            || (self == untyped && wanted.package == JSON)
            || (wanted == untyped && self.package == JSON)
    }
}

impl fmt::Display for TypeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.package.is_empty() {
            f.write_str(self.package)?;
            f.write_str(".")?;
        }
        f.write_str(self.name)
    }
}

impl fmt::Debug for TypeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq<str> for TypeName<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == TypeName::parse(other)
    }
}

impl PartialEq<&str> for TypeName<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::{Joined, TypeName};

    #[test]
    fn a_name_is_a_package_and_a_name() {
        let name = TypeName::parse("shop.v1.OrderCreated");
        assert_eq!((name.package(), name.name()), ("shop.v1", "OrderCreated"));
        assert_eq!(name.to_string(), "shop.v1.OrderCreated");
        assert_eq!(name, "type.googleapis.com/shop.v1.OrderCreated");
        assert_eq!(TypeName::parse("Plain").to_string(), "Plain");
        assert_eq!(TypeName::of::<String>(), "google.protobuf.StringValue");
    }

    #[test]
    fn json_of_no_type_is_read_as_any_and_any_as_it() {
        let [order, user] = ["spawn.json.a/b.Order", "spawn.json.User"].map(TypeName::parse);
        assert_eq!((order.package(), order.name()), ("spawn.json", "a/b.Order"));
        // Found by fuzzing.
        assert_eq!(TypeName::parse("type.googleapis.com/spawn.json.a/b.Order"), order);
        let untyped = TypeName::UNTYPED_JSON;
        assert!(order.reads_as(order) && order.reads_as(untyped) && untyped.reads_as(order));
        assert!(!order.reads_as(user));
        let message = TypeName::parse("shop.Order");
        assert!(!untyped.reads_as(message) && !message.reads_as(untyped));
    }

    #[test]
    fn a_package_and_a_name_are_joined_unless_they_are_too_long() {
        assert_eq!(Joined::new("shop", "Order").text(), Some("shop.Order"));
        assert_eq!(Joined::new("", "Order").text(), Some("Order"));
        let (package, name) = ("p".repeat(250), "n".repeat(4));
        assert_eq!(Joined::new(&package, &name).text(), Some(format!("{package}.{name}").as_str()));
        assert_eq!(Joined::new(&package, "Order").text(), None);
        assert_eq!(Joined::new(&"p".repeat(300), "").text(), None);
    }
}
