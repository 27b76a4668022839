//! A store in memory.

/// Data in memory: gone with the value.
#[derive(Debug, Default)]
pub struct Memory;
