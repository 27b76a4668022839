//! Whether data is encrypted, and what goes wrong with that; known to every build, also to one that cannot encrypt.

use std::sync::Arc;

use super::{Store, StoreError};
use crate::error::BoxError;

/// The environment variable that has the keys.
pub(crate) const VARIABLE: &str = "SPAWN_STATESTORE_KEY";

/// The note that says with which keys the data is encrypted.
pub(super) const NOTE: &str = "encryption";

/// Why data cannot be encrypted or decrypted. Nothing was changed.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// The data is encrypted, and there are no keys.
    #[error(
        "the data of `{system}` is encrypted, and no key was given; set SPAWN_STATESTORE_KEY, or give the keys with `.encrypt(..)`"
    )]
    NoKey {
        /// The system.
        system: String,
    },
    /// The data, or a part of it, is encrypted with a key that is not there.
    #[error(
        "{what} needs the key `{key}`, and the keys are {given}; add it behind the one that encrypts"
    )]
    MissingKey {
        /// What is encrypted.
        what: String,
        /// The id of the key.
        key: String,
        /// The ids of the keys that there are.
        given: String,
    },
    /// The key has the id of the one that the data was encrypted with, and is another one.
    #[error(
        "the key `{key}` is not the one that the data of `{system}` was encrypted with under this id"
    )]
    WrongKey {
        /// The system.
        system: String,
        /// The id of the key.
        key: String,
    },
    /// There are keys, and the data was written without one.
    #[error(
        "the data of `{system}` is not encrypted; with `plain` as the last of the keys, it is read as it is, and encrypted as it changes"
    )]
    NotEncrypted {
        /// The system.
        system: String,
    },
    /// One record is not encrypted.
    #[error(
        "{what} is not encrypted; if it was written before the others were, it is read with `plain` as the last of the keys"
    )]
    Plain {
        /// The record.
        what: String,
    },
    /// One record is not what was written in its place.
    #[error("{what} does not decrypt: it was changed, cut off, or put into the place of another")]
    Damaged {
        /// The record.
        what: String,
    },
    /// The keys are not well formed.
    #[error("the keys cannot be used: {why}")]
    Malformed {
        /// What is wrong with them. It says nothing of the keys themselves.
        why: String,
    },
    /// The key provider failed.
    #[error("the key provider gave no keys")]
    Provider(#[source] BoxError),
    /// There are keys, and this build cannot encrypt.
    #[error("SPAWN_STATESTORE_KEY is set, and the feature `encryption` of `spawn` is not enabled")]
    NotEnabled,
}

/// What a system puts over its store: keys of its own, or those of the environment.
#[derive(Default)]
pub(crate) struct Layer {
    #[cfg(feature = "encryption")]
    keys: Option<Box<dyn super::KeyProvider>>,
}

impl Layer {
    #[cfg(feature = "encryption")]
    pub(crate) fn new(keys: impl super::KeyProvider) -> Self {
        Self { keys: Some(Box::new(keys)) }
    }

    /// What is in memory alone never rests, and is encrypted only if the program says so.
    #[cfg(feature = "encryption")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature it can fail")]
    pub(crate) fn over(self, store: Arc<dyn Store>) -> Result<Arc<dyn Store>, StoreError> {
        let keys = self.keys.or_else(|| {
            let is_wanted = !store.is_immediate() && std::env::var_os(VARIABLE).is_some();
            is_wanted.then(|| Box::new(super::Keys::from_environment) as _)
        });
        Ok(match keys {
            Some(keys) => Arc::new(super::Encrypted::over(store, keys)),
            None => store,
        })
    }

    /// Nothing is written in plain where keys were given.
    #[cfg(not(feature = "encryption"))]
    pub(crate) fn over(self, store: Arc<dyn Store>) -> Result<Arc<dyn Store>, StoreError> {
        let Self {} = self;
        if !store.is_immediate() && std::env::var_os(VARIABLE).is_some() {
            return Err(EncryptionError::NotEnabled.into());
        }
        Ok(store)
    }
}

/// A store that is open, and whose data nobody decrypts, is closed again if it is encrypted.
pub(crate) fn refuse_encrypted(store: &dyn Store, system: &str) -> Result<(), StoreError> {
    match store.note(NOTE) {
        Ok(None) => Ok(()),
        found => {
            store.close();
            found?;
            Err(EncryptionError::NoKey { system: system.to_owned() }.into())
        }
    }
}
