//! What an action can borrow: the context, and resources.
//!
//! As in [`reply`](super::reply), a constant tells the two apart by their type, so that an alias of `Context` works; and another one tells
//! a payload that somebody has written with a `&`.

use std::marker::PhantomData;

use crate::context::Context;
use crate::event::Event;
use crate::message::Message;

/// Asks whether a type is the context.
#[derive(Debug)]
pub struct Loan<T>(PhantomData<T>);

/// The answer for every other type.
pub trait AnyLoan {
    /// It is a resource.
    const RESOURCE: bool = true;
    /// It is not a payload that should have been taken by value.
    const MESSAGE: bool = false;
}

impl<T> AnyLoan for Loan<T> {}

impl Loan<Context> {
    /// It is the context.
    pub const RESOURCE: bool = false;
}

impl<M: Message> Loan<M> {
    /// It is a payload that should have been taken by value.
    pub const MESSAGE: bool = true;
}

impl Loan<Event> {
    /// It is one as well.
    pub const MESSAGE: bool = true;
}

/// What an action can take by reference beside its payload: the [`Context`], or a resource that was given to
/// [`SystemBuilder::resource`](crate::SystemBuilder::resource).
#[diagnostic::on_unimplemented(
    message = "`&{Self}` cannot be lent to an action",
    label = "not a resource",
    note = "an action borrows `&Context`, or `&T` of a resource, which is `Send + Sync + 'static`",
    note = "a message is a payload, and taken by value; one that is a resource is lent in an `Arc`, or in a type of its own",
    note = "a handler of `channels` that takes nothing by value may look at its event, which is the last parameter then"
)]
pub trait Lend<const RESOURCE: bool, const MESSAGE: bool> {
    #[doc(hidden)]
    fn lend(context: &Context) -> &Self;
}

#[diagnostic::do_not_recommend]
impl Lend<false, false> for Context {
    fn lend(context: &Context) -> &Self {
        context
    }
}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Lend<true, false> for T {
    fn lend(context: &Context) -> &Self {
        context.resource()
    }
}
