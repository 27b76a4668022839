//! What a program can be told about itself.

mod definitions;
mod table;
mod topology;
mod tree;

pub use self::definitions::Definitions;
pub(crate) use self::topology::Listener;
pub use self::topology::Topology;
#[cfg(feature = "admin")]
pub(crate) use self::topology::{Graph, Link, Shape};
pub use self::tree::Tree;
