//! From an action's name and a payload to a method: the table that `#[actor]` makes, and what its entries can be.

mod handler;
mod lend;
mod make;
mod payload;
mod reply;
mod route;
mod table;

pub(crate) use self::handler::Method;
pub use self::handler::{Begun, Codec, Failure, Handler, Outcome, Run, Running};
pub use self::lend::{AnyLoan, Lend, Loan};
pub use self::make::{AnyMaker, Maker};
pub use self::payload::{Accepts, Input, Payload};
pub use self::reply::{
    AnyReplyCheck, AnyShape, NextState, NoResponse, Plain, Reply, ReplyCheck, Response,
    ResponseName, Returned, Returns, Shape, assert_init, assert_reply, codec, silent, silent_codec,
};
pub use self::route::{InstanceId, instance_by, instance_of};
pub use self::table::{
    ActionEntry, ChannelEntry, Clause, ClauseEntry, Durable, Look, ResourceEntry, State, Table,
    TimerEntry, clause, durable, heard,
};
