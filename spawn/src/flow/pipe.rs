//! Going on with the response.

use std::fmt;
use std::marker::PhantomData;

use super::address::Address;
use super::onward::Onward;
use crate::actor::Actor;
use crate::call::Call;
use crate::dispatch::Payload;
use crate::message::Message;
use crate::parcel::Parcel;

/// The action that goes on with the response of another one, and whose own response the caller gets in its place.
///
/// It is given to [`Value::pipe`](crate::Value::pipe). What the first action did is saved before the second is called, which takes the
/// response `P` as its payload and answers the caller with an `R`. It finds the metadata of the first call, and as
/// [`Context::caller`](crate::Context::caller) the actor that piped. It can pipe on.
///
/// The call is a part of the chain that the caller waits for: it is not saved, and what the first action did stays if it fails. What
/// has to happen is an [effect](crate::SideEffect).
///
/// # Examples
///
/// Typed, where an action that does not exist, or does not take the response, does not compile:
///
/// ```
/// use spawn::Client;
/// use spawn::prelude::*;
///
/// # #[message(name = "pipes.Order")] pub struct Order { pub id: String, pub cents: i64 }
/// # #[message(name = "pipes.Receipt")] pub struct Receipt { pub cents: i64 }
/// # #[message(name = "pipes.Orders")] pub struct Orders { pub count: i64 }
/// # #[derive(Default)] pub struct Billing;
/// #[actor(stateful = false)]
/// impl Billing {
///     #[action]
///     fn charge(&self, order: Order) -> Receipt {
///         Receipt { cents: order.cents }
///     }
/// }
///
/// #[actor]
/// impl Orders {
///     #[action]
///     fn place(&mut self, ctx: &Context, order: Order) -> Value<Receipt> {
///         self.count += 1;
///         let charge = Pipe::call(ctx.actor::<Billing>(), Client::<Billing>::charge);
///         Value::from(order).pipe(charge)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("pipes").in_memory().only::<(Orders, Billing)>().start().await?;
/// let order = Order { id: "o-1".to_owned(), cents: 700 };
/// let receipt = system.actor::<Orders>().place(order).await?;
/// assert_eq!(receipt.cents, 700);
/// # Ok(()) }
/// ```
///
/// By name, as in `Value::from(order).pipe(Pipe::to("billing", "charge"))`, the names and types are looked at when the
/// action has run, which fails and changes nothing if they are wrong.
#[must_use = "a pipe is followed when it is returned from an action"]
pub struct Pipe<P, R> {
    to: To<P>,
    response: PhantomData<fn() -> R>,
}

enum To<P> {
    Named(Address),
    Typed(Box<dyn FnOnce(P) -> Onward + Send>),
}

impl<P: Message + 'static, R: Message + 'static> Pipe<P, R> {
    /// To `action` of the actor `actor`, by name.
    pub fn to(actor: impl Into<String>, action: impl Into<String>) -> Self {
        Self { to: To::Named(Address::by_name(actor, action)), response: PhantomData }
    }

    /// The name of the unnamed actor of which an instance is called; what `to` was given first is then its id.
    ///
    /// A typed pipe has its instance from its client, and is left as it is.
    pub fn reference(self, actor: impl Into<String>) -> Self {
        let to = match self.to {
            To::Named(address) => To::Named(address.reference(actor)),
            typed @ To::Typed(_) => typed,
        };
        Self { to, ..self }
    }

    /// To the call that `call` makes of the response with this client: a method of the client, `Client::<Billing>::charge`, or a closure
    /// that makes its payload first.
    ///
    /// The call keeps its metadata, timeout and idempotency key.
    pub fn call<C, A, Q>(
        client: C,
        call: impl FnOnce(&C, P) -> Call<A, Q, R> + Send + 'static,
    ) -> Self
    where
        C: Send + 'static,
        A: Actor,
        Q: Payload,
    {
        let make = Box::new(move |payload| Onward::from(call(&client, payload)));
        Self { to: To::Typed(make), response: PhantomData }
    }

    pub(super) fn with(self, response: P) -> Onward {
        match self.to {
            To::Named(address) => Onward::new(address, Parcel::new(response)),
            To::Typed(make) => make(response),
        }
    }
}

impl<P, R> fmt::Debug for Pipe<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.to {
            To::Named(address) => f.debug_tuple("Pipe").field(address).finish(),
            To::Typed(_) => f.write_str("Pipe(..)"),
        }
    }
}
