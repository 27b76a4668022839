//! Channels: their names, patterns of names, and who is subscribed.

mod matcher;
mod name;
mod pattern;
pub(crate) mod registry;
pub(crate) mod rules;

pub(crate) use self::matcher::Matcher;
pub use self::name::{Channel, IntoChannel};
pub use self::pattern::Pattern;
pub use self::rules::ChannelOptions;
