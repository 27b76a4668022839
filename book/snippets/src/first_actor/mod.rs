//! `book/src/first-actor.md`: a file for each of its programs, since their types have the same names.

pub mod account;
pub mod saga;
pub mod till;
