//! What a test in a browser needs: the browser, the program whose page it looks at, and a way to wait.
//!
//! Needs chromium and chromedriver, and so is there with the feature `browser` only.

#![cfg(feature = "browser")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod browser;
mod post;
mod program;

pub use browser::{Look, Page, with_page};
pub use post::post;
pub use program::Program;
