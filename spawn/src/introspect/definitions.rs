//! The definitions of a system.

use std::fmt;
use std::ops::Deref;

use crate::definition::Definition;

/// The definitions of a system's actors, ordered by name; from [`System::definitions`](crate::System::definitions).
///
/// It derefs to a slice. `Display` prints a table for each.
#[derive(Clone, Debug)]
pub struct Definitions(Vec<&'static Definition>);

impl Definitions {
    pub(crate) fn new(mut all: Vec<&'static Definition>) -> Self {
        all.sort_by_key(|definition| definition.name());
        Self(all)
    }
}

impl Deref for Definitions {
    type Target = [&'static Definition];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl fmt::Display for Definitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, definition) in self.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            definition.fmt(f)?;
        }
        Ok(())
    }
}
