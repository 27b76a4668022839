//! The name of a channel.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::grammar::{self, Fault};

/// The name of a channel: dot-separated tokens of `A-Z a-z 0-9 _ -`, at most 255 bytes.
///
/// A constant is checked when the program is compiled; a name that is made up at run time is checked by [`Channel::parse`].
/// A clone is cheap.
///
/// # Examples
///
/// ```
/// use spawn::Channel;
///
/// const ORDER_EVENTS: Channel = Channel::new("order.events");
/// assert_eq!(ORDER_EVENTS.as_str(), "order.events");
/// assert!(Channel::parse(format!("region.{}", "eu-1")).is_ok());
/// assert!(Channel::parse("order.*").is_err(), "a pattern is no channel");
/// ```
///
/// ```compile_fail
/// # use spawn::Channel;
/// const EMPTY_TOKEN: Channel = Channel::new("order..events");
/// ```
#[derive(Clone)]
pub struct Channel(Repr);

#[derive(Clone)]
enum Repr {
    Static(&'static str),
    Shared(Arc<str>),
}

/// A fault in the words of a constant, which cannot be formatted.
const fn describe(fault: Fault) -> &'static str {
    match fault {
        Fault::Empty => "a channel name is empty",
        Fault::TooLong { .. } => "a channel name is longer than 255 bytes",
        Fault::EmptyToken => "a channel name has an empty token",
        Fault::Character { .. } => {
            "a channel name contains a character other than A-Z a-z 0-9 _ - ."
        }
        Fault::StarInToken | Fault::RestNotLast | Fault::Wildcard { .. } => {
            "a channel name contains a wildcard, but an event goes to one channel"
        }
    }
}

impl Channel {
    /// The channel `name`; meant for constants.
    ///
    /// # Panics
    /// If `name` is not well formed, which in a constant is an error of the compiler. Use [`Channel::parse`] for names that
    /// are not written in the program.
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        match grammar::check_channel(name) {
            Ok(()) => Self(Repr::Static(name)),
            Err(fault) => panic!("{}", describe(fault)),
        }
    }

    /// The channel `name`, if it is well formed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`], with what is wrong with it.
    pub fn parse(name: impl Into<Cow<'static, str>>) -> Result<Self> {
        let name = name.into();
        match grammar::check_channel(&name) {
            Ok(()) => Ok(Self(match name {
                Cow::Borrowed(name) => Repr::Static(name),
                Cow::Owned(name) => Repr::Shared(name.into()),
            })),
            Err(fault) => {
                Err(Error::new(ErrorKind::InvalidName, format!("the channel `{name}` {fault}")))
            }
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Static(name) => name,
            Repr::Shared(name) => name,
        }
    }
}

/// What can be given as a channel: a [`Channel`], or its name as a literal or a `String`.
pub trait IntoChannel {
    /// The channel.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`] if the name is not well formed.
    fn into_channel(self) -> Result<Channel>;
}

impl IntoChannel for Channel {
    fn into_channel(self) -> Result<Channel> {
        Ok(self)
    }
}

impl IntoChannel for &Channel {
    fn into_channel(self) -> Result<Channel> {
        Ok(self.clone())
    }
}

impl IntoChannel for &'static str {
    fn into_channel(self) -> Result<Channel> {
        Channel::parse(self)
    }
}

impl IntoChannel for String {
    fn into_channel(self) -> Result<Channel> {
        Channel::parse(self)
    }
}

/// Where a pattern is wanted, a channel stands for itself: `system.subscribe(ORDERS)`.
impl From<Channel> for Cow<'static, str> {
    fn from(channel: Channel) -> Self {
        match channel.0 {
            Repr::Static(name) => Self::Borrowed(name),
            Repr::Shared(name) => Self::Owned(name.as_ref().to_owned()),
        }
    }
}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Channel {}

impl PartialEq<str> for Channel {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Channel {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Hash for Channel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Channel {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Channel {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl AsRef<str> for Channel {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
