//! `book/src/testing.md`: a file for each of its programs. A test is on the page as it is run here.

pub mod ledger;
pub mod reminder;
pub mod stall;
