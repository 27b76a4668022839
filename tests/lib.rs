//! What is tested from the outside of `spawn`; and the snippets of the guide, which are compiled and run here.

/// `book/src/first-actor.md`
#[cfg(doctest)]
#[doc = include_str!("../book/src/first-actor.md")]
pub struct FirstActor;

/// `README.md`
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
