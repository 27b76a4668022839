//! How large what is saved may be.

use crate::error::{Error, ErrorKind, Result};
use crate::store::Encoded;

/// Something has more bytes than the system allows: the cause of an error of kind [`ErrorKind::TooLarge`], found with
/// [`Error::cause`].
///
/// # Examples
///
/// ```
/// use spawn::TooLarge;
///
/// fn bytes_too_many(error: &spawn::Error) -> Option<usize> {
///     error.cause::<TooLarge>().map(|it| it.size() - it.limit())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{size} bytes, where {limit} are allowed")]
pub struct TooLarge {
    size: usize,
    limit: usize,
}

impl TooLarge {
    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many bytes it may have.
    pub fn limit(&self) -> usize {
        self.limit
    }
}

/// The limits of a system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Of a payload that is saved, or comes as bytes.
    pub(crate) payload: usize,
    /// Of a state that is saved.
    pub(crate) state: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { payload: 4 << 20, state: 16 << 20 }
    }
}

impl Sizes {
    /// Refuses what is too large; `what` says what it is.
    pub(crate) fn check_payload(
        &self,
        encoded: Encoded,
        what: impl FnOnce() -> String,
    ) -> Result<Encoded> {
        match Self::check(encoded.bytes.len(), self.payload, "payload_limit", what) {
            Ok(()) => Ok(encoded),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn check_bytes(&self, size: usize, what: impl FnOnce() -> String) -> Result<()> {
        Self::check(size, self.payload, "payload_limit", what)
    }

    #[inline]
    pub(crate) fn check_state(&self, size: usize) -> Result<()> {
        Self::check(size, self.state, "state_limit", || "its new state".to_owned())
    }

    #[inline]
    fn check(
        size: usize,
        limit: usize,
        option: &'static str,
        what: impl FnOnce() -> String,
    ) -> Result<()> {
        if size <= limit { Ok(()) } else { Err(too_large(size, limit, option, &what())) }
    }
}

#[cold]
fn too_large(size: usize, limit: usize, option: &str, what: &str) -> Error {
    let message = format!(
        "{what} has {size} bytes, and {limit} are allowed; keep less in it, or raise `{option}` of the builder"
    );
    Error::new(ErrorKind::TooLarge, message).caused_by(TooLarge { size, limit })
}
