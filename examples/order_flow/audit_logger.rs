//! Keeps count of everything that happens.

use std::collections::BTreeMap;

use spawn::prelude::*;

#[message(name = "shop.AuditLogger")]
pub struct AuditLogger {
    entries: BTreeMap<String, i64>,
}

#[message(name = "shop.Entries")]
pub struct Entries {
    pub by_channel: BTreeMap<String, i64>,
}

#[actor(name = "audit_logger", channels = [("order.>", log), ("inventory.low", log)])]
impl AuditLogger {
    /// Takes any event, undecoded.
    #[action]
    fn log(&mut self, event: Event) {
        *self.entries.entry(event.channel().to_string()).or_default() += 1;
    }

    #[action]
    pub fn entries(&self) -> Entries {
        Entries { by_channel: self.entries.clone() }
    }
}
