//! What is tested from the outside of `spawn`: see the directories beside this file.

/// The snippets of the book, each page by its name.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../book/src/introduction.md")]
    mod introduction {}
}
