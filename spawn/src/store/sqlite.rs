//! A store in a file.

/// Data in a SQLite file.
#[derive(Debug)]
pub struct Sqlite;
