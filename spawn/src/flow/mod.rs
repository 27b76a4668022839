//! What an action can set going beside its response.

mod address;
mod broadcast;
mod effect;
mod forward;
mod onward;
mod pipe;
mod value;

pub(crate) use self::address::Address;
pub use self::broadcast::Broadcast;
pub use self::effect::SideEffect;
pub use self::forward::Forward;
pub(crate) use self::onward::{Answered, Onward};
pub use self::pipe::Pipe;
pub(crate) use self::value::Flow;
pub use self::value::{Unchanged, Value};
