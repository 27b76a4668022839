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
        let (pattern, name) = (self.0.as_bytes(), channel.as_str().as_bytes());
        let (mut in_pattern, mut in_name) = (0, 0);
        // A wildcard is a token of its own, no token is empty, and a name has no wildcards.
        loop {
            match (pattern.get(in_pattern), name.get(in_name)) {
                (None, None) | (Some(b'>'), Some(_)) => return true,
                (Some(b'*'), Some(_)) => {
                    in_pattern += 1;
                    while name.get(in_name).is_some_and(|byte| *byte != b'.') {
                        in_name += 1;
                    }
                }
                (Some(wanted), Some(found)) if wanted == found => {
                    in_pattern += 1;
                    in_name += 1;
                }
                _ => return false,
            }
        }
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
