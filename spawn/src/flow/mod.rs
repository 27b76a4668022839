//! What an action can set going beside its response.

mod broadcast;
mod effect;
mod value;

pub use self::broadcast::Broadcast;
pub use self::effect::SideEffect;
pub(crate) use self::value::Flow;
pub use self::value::{Unchanged, Value};
