//! `book/src/running.md`: a file for each of its programs.

pub mod books;
pub mod hits;
pub mod retention;
pub mod topology;
pub mod visits;
