//! Patterns of channel names.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, ErrorKind, Result};
use crate::grammar;

/// A channel name in which `*` stands for one token, and a final `>` for one token or more.
///
/// A pattern without a wildcard matches the one channel of that name.
///
/// # Examples
///
/// ```
/// use spawn::{Channel, Pattern};
///
/// let audit = Pattern::parse("audit.>")?;
/// assert!(audit.matches(&Channel::new("audit.user.login")));
/// assert!(!audit.matches(&Channel::new("audit")));
///
/// let user = Pattern::parse("user.*")?;
/// assert!(user.matches(&Channel::new("user.created")));
/// assert!(!user.matches(&Channel::new("user.profile.updated")));
/// # Ok::<(), spawn::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern(Cow<'static, str>);

impl Pattern {
    /// The pattern `text`, if it is well formed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`], with what is wrong with it.
    pub fn parse(text: impl Into<Cow<'static, str>>) -> Result<Self> {
        let text = text.into();
        match grammar::check_pattern(&text) {
            Ok(()) => Ok(Self(text)),
            Err(fault) => {
                Err(Error::new(ErrorKind::InvalidName, format!("the pattern `{text}` {fault}")))
            }
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `channel` is one of the channels that the pattern stands for.
    pub fn matches(&self, channel: &super::Channel) -> bool {
        let (mut pattern, mut name) = (Some(&*self.0), Some(channel.as_str()));
        while let (Some(wanted), Some(found)) = (pattern, name) {
            let (token, rest) = first_token(found);
            let (wanted, wanted_rest) = first_token(wanted);
            match wanted {
                ">" => return true,
                "*" => {}
                wanted if wanted == token => {}
                _ => return false,
            }
            (pattern, name) = (wanted_rest, rest);
        }
        pattern.is_none() && name.is_none()
    }
}

/// The first token of a name or pattern, and the others. Tokens are short: to go through them is faster than what the standard
/// library does to find a character in a long text.
pub(super) fn first_token(name: &str) -> (&str, Option<&str>) {
    match name.bytes().position(|byte| byte == b'.') {
        Some(dot) => {
            let (token, rest) = name.split_at(dot);
            (token, rest.get(1..))
        }
        None => (name, None),
    }
}

impl From<Pattern> for Cow<'static, str> {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}
