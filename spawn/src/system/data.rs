//! Where the data of a system is.

use std::sync::Arc;

#[cfg(not(feature = "sqlite"))]
use crate::error::ErrorKind;
use crate::error::{Error, Result};
use crate::store::encryption;
use crate::store::{Memory, Opened, Store, StoreError};

/// The store of a system that was not given one.
#[cfg_attr(
    feature = "sqlite",
    expect(clippy::unnecessary_wraps, reason = "without SQLite there may be none")
)]
pub(super) fn default_store(system: &str) -> Result<Arc<dyn Store>> {
    let place = std::env::var_os("SPAWN_STORE").filter(|place| !place.is_empty());
    if place.as_deref() == Some(std::ffi::OsStr::new("memory")) {
        return Ok(Arc::new(Memory::new()));
    }
    #[cfg(feature = "sqlite")]
    return Ok(match place {
        Some(place) => {
            Arc::new(crate::store::Sqlite::at(std::path::Path::new(&place).join(system)))
        }
        None => Arc::new(crate::store::Sqlite::new()),
    });
    #[cfg(not(feature = "sqlite"))]
    Err(Error::new(
        ErrorKind::Storage,
        format!(
            "no place for the data of `{system}`: enable the feature `sqlite` of `spawn`, or give it one with `.store(..)` or \
             `.in_memory()`"
        ),
    ))
}

/// Opens the store.
pub(super) async fn open(store: &Arc<dyn Store>, system: &str) -> Result<Opened> {
    #[cfg(test)]
    if store.simulated().is_some() {
        return Ok(store.open(system)?);
    }
    let open = |store: &dyn Store, system: &str| {
        let opened = store.open(system)?;
        encryption::refuse_encrypted(store, system)?;
        Ok::<_, StoreError>(opened)
    };
    if store.is_immediate() {
        return Ok(open(&**store, system)?);
    }
    let (store, system) = (Arc::clone(store), system.to_owned());
    match tokio::task::spawn_blocking(move || open(&*store, &system)).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(Error::stopped()),
    }
}
