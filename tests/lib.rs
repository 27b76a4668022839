//! What is tested from the outside of `spawn`; and the snippets of the guide, which are compiled and run here.

/// `book/src/first-actor.md`
#[cfg(doctest)]
#[doc = include_str!("../book/src/first-actor.md")]
pub struct FirstActor;

/// `book/src/running.md`
#[cfg(doctest)]
#[doc = include_str!("../book/src/running.md")]
pub struct Running;

/// `book/src/testing.md`
#[cfg(doctest)]
#[doc = include_str!("../book/src/testing.md")]
pub struct Testing;

/// `README.md`
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
