//! The messages of the program.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::message::FieldKind;
use crate::system::MessageRegistration;

/// What each message of the program consists of.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    by_name: HashMap<String, &'static [FieldKind]>,
    by_type: HashMap<&'static str, &'static [FieldKind]>,
}

impl Catalog {
    pub(super) fn get() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| {
            let mut catalog = Self::default();
            for message in inventory::iter::<MessageRegistration> {
                let (type_name, fields) = message.description;
                catalog.by_name.insert(message.name().to_string(), fields);
                catalog.by_type.insert(type_name(), fields);
            }
            catalog
        })
    }

    /// The fields of the message with this full name.
    pub(super) fn named(&self, full_name: &str) -> Option<&'static [FieldKind]> {
        self.by_name.get(full_name).copied()
    }

    /// The fields of the message that Rust calls so.
    pub(super) fn of_type(&self, type_name: &str) -> Option<&'static [FieldKind]> {
        self.by_type.get(type_name).copied()
    }
}
