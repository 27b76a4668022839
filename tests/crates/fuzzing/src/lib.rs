//! What the fuzz targets of `fuzz/` try: one function for each, which takes any bytes and panics if something is wrong.
//!
//! They are here, and not beside the targets, so that the gate compiles them and replays what was found (`tests/replay.rs`) with
//! the ordinary compiler.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic is how a target says that something is wrong"
)]

mod actors;
mod bytes;
mod calls;
mod channels;
mod configuration;
mod messages;
mod names;
mod rows;
mod sealed;

pub use self::calls::calls;
pub use self::channels::channels;
pub use self::configuration::configuration;
pub use self::messages::messages;
pub use self::names::names;
pub use self::rows::rows;
pub use self::sealed::sealed;

/// A target.
pub type Target = fn(&[u8]);

/// The targets, by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("calls", calls),
    ("channels", channels),
    ("configuration", configuration),
    ("messages", messages),
    ("names", names),
    ("rows", rows),
    ("sealed", sealed),
];
