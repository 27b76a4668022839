//! How the runtime calls a clause.

use std::pin::Pin;

use crate::context::Context;
use crate::error::{BoxError, Error};
use crate::flow::{Answered, Flow, Onward};
use crate::parcel::Parcel;

/// A clause, ready to be called: by the typed client with `P` and `R`, or by name with [`Input`](super::Input) and
/// [`Parcel`](crate::Parcel).
#[derive(Debug)]
pub struct Handler<A, P, R> {
    /// The name of the action.
    pub action: &'static str,
    /// Whether the receiver is `&mut self`, so that a failure may leave a state that has to be undone.
    pub mutates: bool,
    /// The method, wrapped by the macro.
    pub run: Run<A, P, R>,
    /// How a response is kept.
    pub codec: Codec<R>,
}

/// How a response is packed, and unpacked again.
#[derive(Debug)]
pub struct Codec<R> {
    pub(crate) pack: fn(&R) -> Parcel,
    pub(crate) unpack: fn(Parcel) -> crate::error::Result<R>,
}

impl Codec<Parcel> {
    /// A response that is packed already.
    pub const PARCEL: Self = Self { pack: Parcel::clone, unpack: Ok };
}

/// The shapes that a method can have.
#[derive(Debug)]
pub enum Run<A, P, R> {
    /// Not `async`, and without anything that the runtime lends.
    Plain(Method<A, P, R>),
    /// Not `async`, with a `&Context` or a resource.
    Lent(fn(&mut A, &Context, P) -> Outcome<A, R>),
    /// `async`: the state moves into the future and comes back from it.
    Async(fn(A, Context, P) -> Begun<A, R>),
}

/// A method that neither waits nor calls anybody.
pub(crate) type Method<A, P, R> = fn(&mut A, P) -> Outcome<A, R>;

/// An `async` action that runs, or the state that it did not get to run on.
pub type Begun<A, R> = Result<Running<A, R>, (A, Failure)>;

/// The future of an `async` action, with the state that it works on.
pub type Running<A, R> = Pin<Box<dyn Future<Output = (A, Outcome<A, R>)> + Send>>;

/// What a clause came to.
#[derive(Debug)]
pub struct Outcome<A, R> {
    pub(crate) response: Result<Answered<R, Onward>, Failure>,
    /// A state that replaces the one the clause was called with.
    pub(crate) state: Option<A>,
    pub(crate) flow: Option<Box<Flow>>,
}

/// Why a clause gave no response.
#[derive(Debug)]
pub enum Failure {
    /// It returned this error.
    Returned(BoxError),
    /// It was not called: the payload is not what it was said to be.
    Payload(Error),
}

impl<A, R> Outcome<A, R> {
    pub(crate) fn done(response: R) -> Self {
        Self { response: Ok(Answered::Here(response)), state: None, flow: None }
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self { response: Err(failure), state: None, flow: None }
    }

    pub(crate) fn map<T>(self, f: impl FnOnce(R) -> T) -> Outcome<A, T> {
        let response = self.response.map(|answer| answer.map(f));
        Outcome { response, state: self.state, flow: self.flow }
    }
}

impl<A, P, R> Clone for Run<A, P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, P, R> Copy for Run<A, P, R> {}
