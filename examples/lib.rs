//! The examples of `spawn`, each run by `cargo run --example NAME`. There is one for each section of the guide, which shows parts of
//! them and what they print, beside `hello`, `streams`, and `order_flow`, which has all of it at work.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// What the actors of an example have done, each under its own name.
///
/// They run beside each other, so that their lines would be mixed by chance if each printed its own. An action borrows it as a resource.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl Journal {
    /// Writes a line under a name.
    pub fn note(&self, who: impl Into<String>, line: impl Into<String>) {
        self.0.lock().entry(who.into()).or_default().push(line.into());
    }

    /// Prints what was written since the last time, ordered by name, and for each name as it was written.
    #[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
    pub fn print(&self) {
        for (who, lines) in std::mem::take(&mut *self.0.lock()) {
            for line in lines {
                println!("  {who}: {line}");
            }
        }
    }
}
