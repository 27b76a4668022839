//! The claim on an actor, and the mailbox that waits for it: the one place with `unsafe` code.
//!
//! An idle actor costs one word of state here. A message for an idle actor takes the claim with one compare-and-swap and runs;
//! a message for a claimed actor joins a list with one compare-and-swap. The holder of the claim takes the list whole.
//!
//! - [`mailbox`](self::mailbox): the word, and the list that hangs from it;
//! - [`guarded`](self::guarded): a value that only the holder of the claim can reach;
//! - [`envelope`](self::envelope): what waits, of any type, in one allocation.
//!
//! The three are generic and know nothing of actors; `tests/loom` checks them with every interleaving of a few threads.

mod envelope;
mod guarded;
mod mailbox;
mod sync;

pub(crate) use self::envelope::{Content, Envelope, Opened, Sheet};
pub(crate) use self::guarded::{Claim, Guarded, Sent};
