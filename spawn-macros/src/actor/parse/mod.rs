//! What was written, taken apart. Nothing is judged here but what cannot be taken apart at all.

mod arguments;
mod block;
mod channels;

pub(crate) use self::arguments::{Arguments, arguments, length};
pub(crate) use self::block::{Block, Helper, HelperKind, Method, block};
pub(crate) use self::channels::{Channel, Name};
