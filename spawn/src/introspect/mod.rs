//! What a program can be told about itself.

mod definitions;
mod table;
mod topology;
mod tree;

pub use self::definitions::Definitions;
pub(crate) use self::topology::Listener;
pub use self::topology::Topology;
pub use self::tree::Tree;
