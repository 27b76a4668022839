//! The keys, and where they come from.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use super::cipher::Key;
use crate::error::BoxError;
use crate::store::encryption::{EncryptionError, VARIABLE};

/// The keys of encrypted data: the first encrypts, all of them decrypt.
///
/// Written as in `SPAWN_STATESTORE_KEY`: entries between commas, each an id, a colon and 32 bytes in base64 or hexadecimal digits.
/// An id has at most 32 of `A-Z a-z 0-9 _ . -`, and stands beside each record that its key has encrypted; without an id (and
/// colon) it is `1`. Two entries that are no keys may follow:
///
/// | entry | means |
/// | --- | --- |
/// | `id:retired` | this key is gone; whatever it still encrypts cannot be read |
/// | `plain` | what was written without encryption is read as it is |
///
/// `Debug` shows the ids alone, and the keys are overwritten when they are dropped.
///
/// # Examples
///
/// ```
/// use spawn::store::Keys;
///
/// let key = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
/// let one: Keys = key.parse()?;
/// assert_eq!(format!("{one:?}"), r#"Keys(["1"])"#);
///
/// // The next key encrypts, and what the first one has encrypted is read.
/// let next = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// let both: Keys = format!("2:{next},1:{key}").parse()?;
/// assert_eq!(format!("{both:?}"), r#"Keys(["2", "1"])"#);
/// # Ok::<(), spawn::store::EncryptionError>(())
/// ```
#[derive(Clone)]
pub struct Keys {
    /// Not empty.
    all: Arc<[Key]>,
    retired: Arc<[String]>,
    plain: bool,
}

/// Where the keys of a system come from. It is asked each time that the data is opened, from a thread that may wait.
///
/// [`Keys`] are one, and so is a function that returns them.
///
/// # Examples
///
/// ```no_run
/// use spawn::System;
/// use spawn::store::Keys;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let keys = || Ok(std::fs::read_to_string("/run/secrets/spawn-key")?.parse::<Keys>()?);
/// let system = System::builder("shop").encrypt(keys).start().await.unwrap();
/// # drop(system); }
/// ```
pub trait KeyProvider: Send + Sync + 'static {
    /// The keys, as they are now.
    ///
    /// # Errors
    /// If there are none to be had; the start fails with [`EncryptionError::Provider`], or with the [`EncryptionError`] itself if it is
    /// one.
    fn keys(&self) -> Result<Keys, BoxError>;
}

impl KeyProvider for Keys {
    fn keys(&self) -> Result<Keys, BoxError> {
        Ok(self.clone())
    }
}

impl<F: Fn() -> Result<Keys, BoxError> + Send + Sync + 'static> KeyProvider for F {
    fn keys(&self) -> Result<Keys, BoxError> {
        self()
    }
}

fn malformed(why: impl Into<String>) -> EncryptionError {
    EncryptionError::Malformed { why: why.into() }
}

impl Keys {
    /// One key, of 32 random bytes, which encrypts.
    ///
    /// # Errors
    /// [`EncryptionError::Malformed`] if the id is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use spawn::store::Keys;
    ///
    /// # let (new, old) = ([2; 32], [1; 32]);
    /// let keys = Keys::new("2026-11", new)?.and("2025-11", old)?;
    /// # Ok::<(), spawn::store::EncryptionError>(())
    /// ```
    pub fn new(id: &str, key: [u8; 32]) -> Result<Self, EncryptionError> {
        let key = Zeroizing::new(key);
        Ok(Self {
            all: Arc::new([Key::new(checked(id)?, &key)]),
            retired: Arc::new([]),
            plain: false,
        })
    }

    /// An older key, with which nothing new is encrypted.
    ///
    /// # Errors
    /// [`EncryptionError::Malformed`] if the id is none, or there twice.
    pub fn and(self, id: &str, key: [u8; 32]) -> Result<Self, EncryptionError> {
        let key = Zeroizing::new(key);
        self.checked_new(id)?;
        let all = self.all.iter().cloned().chain([Key::new(checked(id)?, &key)]).collect();
        Ok(Self { all, ..self })
    }

    /// A key that is gone. Without this, data that was ever encrypted with it is not opened.
    ///
    /// # Errors
    /// [`EncryptionError::Malformed`] if the id is none, or there twice.
    pub fn and_retired(self, id: &str) -> Result<Self, EncryptionError> {
        self.checked_new(id)?;
        let retired = self.retired.iter().cloned().chain([checked(id)?.to_owned()]).collect();
        Ok(Self { retired, ..self })
    }

    /// Records that were written without encryption are read as they are. Whoever can write to the data can then put such records in
    /// place of encrypted ones: for as long as it takes, and no longer.
    #[must_use]
    pub fn and_plain(self) -> Self {
        Self { plain: true, ..self }
    }

    /// The keys of the environment variable `SPAWN_STATESTORE_KEY`.
    pub(in crate::store) fn from_environment() -> Result<Self, BoxError> {
        let text = std::env::var(VARIABLE)
            .map_err(|_| malformed(format!("{VARIABLE} is not set, or no text")))?;
        Ok(Zeroizing::new(text).parse::<Self>()?)
    }

    fn checked_new(&self, id: &str) -> Result<(), EncryptionError> {
        if self.get(id).is_some() || self.is_retired(id) {
            return Err(malformed(format!("the id `{id}` is there twice")));
        }
        Ok(())
    }

    /// The one that encrypts.
    pub(super) fn first(&self) -> Option<&Key> {
        self.all.first()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.all.iter().find(|key| key.id() == id)
    }

    pub(super) fn is_retired(&self, id: &str) -> bool {
        self.retired.iter().any(|retired| retired == id)
    }

    pub(super) fn reads_plain(&self) -> bool {
        self.plain
    }

    /// The ids, for people.
    pub(super) fn ids(&self) -> String {
        let ids: Vec<_> = self.all.iter().map(|key| format!("`{}`", key.id())).collect();
        ids.join(", ")
    }
}

fn checked(id: &str) -> Result<&str, EncryptionError> {
    if id == "plain" || !is_id(id) {
        // It may be a key in the wrong place, and is not repeated.
        return Err(malformed(
            "an id has 1 to 32 of `A-Z a-z 0-9 _ . -`, and is not `plain`; an entry is `id:key`",
        ));
    }
    Ok(id)
}

pub(super) fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.-".contains(&it))
}

/// 32 bytes in base64 or hexadecimal digits.
fn decode(id: &str, text: &str) -> Result<Zeroizing<[u8; 32]>, EncryptionError> {
    let fault =
        || malformed(format!("the key `{id}` is not 32 bytes in base64 or hexadecimal digits"));
    let mut bytes = Zeroizing::new([0; 32]);
    if text.len() == 64 {
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| fault())?;
            let is_digits = digits.bytes().all(|it| it.is_ascii_hexdigit());
            *byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_digits).ok_or_else(fault)?;
        }
        return Ok(bytes);
    }
    let engine = if text.ends_with('=') { STANDARD } else { STANDARD_NO_PAD };
    let decoded = Zeroizing::new(engine.decode(text).map_err(|_| fault())?);
    if decoded.len() != bytes.len() {
        return Err(fault());
    }
    bytes.copy_from_slice(&decoded);
    Ok(bytes)
}

impl FromStr for Keys {
    type Err = EncryptionError;

    fn from_str(text: &str) -> Result<Self, EncryptionError> {
        let mut keys: Option<Self> = None;
        for entry in text.trim().split(',').map(str::trim) {
            let (id, key) = match entry.split_once(':') {
                Some((id, key)) => (checked(id)?, key),
                None => ("1", entry),
            };
            keys = Some(match (keys, key) {
                (_, "") => return Err(malformed("an entry is empty")),
                (None, "plain" | "retired") => {
                    return Err(malformed("the first entry is the key that encrypts"));
                }
                (Some(keys), "retired") => keys.and_retired(id)?,
                (Some(keys), "plain") if !entry.contains(':') => keys.and_plain(),
                (None, key) => Self::new(id, *decode(id, key)?)?,
                (Some(keys), key) => keys.and(id, *decode(id, key)?)?,
            });
        }
        keys.ok_or_else(|| malformed("there is none"))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.all.iter().map(Key::id).collect();
        f.debug_tuple("Keys").field(&ids).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    const BASE64: &str = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

    #[test]
    fn keys_are_read_in_both_spellings() {
        for text in [
            HEX.to_owned(),
            BASE64.to_owned(),
            BASE64.trim_end_matches('=').to_owned(),
            format!(" {BASE64}\n"),
            format!("a.b-c_9:{HEX}, old:{BASE64},gone:retired,plain"),
        ] {
            text.parse::<Keys>().unwrap();
        }
        let keys: Keys = format!("2:{HEX},1:{BASE64},0:retired,plain").parse().unwrap();
        assert_eq!(keys.first().unwrap().id(), "2");
        assert!(keys.get("1").is_some() && keys.is_retired("0") && keys.reads_plain());
    }

    #[test]
    fn what_is_wrong_is_told_and_no_key_is_repeated() {
        let short = HEX.get(..62).unwrap();
        let no_digit = HEX.replace('f', "g");
        let sign = format!("+1{}", HEX.get(2..).unwrap());
        for (text, why) in [
            (String::new(), "an entry is empty"),
            (format!("{HEX},"), "an entry is empty"),
            ("plain".to_owned(), "the first entry"),
            (format!("plain,{HEX}"), "the first entry"),
            ("1:retired".to_owned(), "the first entry"),
            (short.to_owned(), "the key `1` is not 32 bytes"),
            (no_digit, "the key `1` is not 32 bytes"),
            (sign, "the key `1` is not 32 bytes"),
            (format!("{BASE64}="), "the key `1` is not 32 bytes"),
            (format!("{HEX}:1"), "an id has 1 to 32"),
            (format!(":{HEX}"), "an id has 1 to 32"),
            (format!("plain:{HEX}"), "an id has 1 to 32"),
            (format!("{HEX},{BASE64}"), "the id `1` is there twice"),
            (format!("{HEX},1:retired"), "the id `1` is there twice"),
        ] {
            let error = text.parse::<Keys>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            for secret in [short, BASE64.get(..40).unwrap()] {
                assert!(!error.contains(secret), "{error}");
            }
        }
    }

    #[test]
    fn debug_shows_the_ids_alone() {
        let keys: Keys = format!("new:{HEX},old:{BASE64}").parse().unwrap();
        assert_eq!(format!("{keys:?}"), r#"Keys(["new", "old"])"#);
        assert_eq!(format!("{:?}", keys.first().unwrap()), r#"Key("new")"#);
    }
}
