//! What a program can be told about itself.

mod definitions;
mod table;
mod topology;

pub use self::definitions::Definitions;
pub(crate) use self::topology::Listener;
#[cfg(feature = "admin")]
pub(crate) use self::topology::{Graph, Link, Shape};
pub use self::topology::Topology;
