//! Handing the call on.

use std::fmt;
use std::marker::PhantomData;

use super::address::Address;
use super::onward::Onward;
use crate::actor::Actor;
use crate::call::Call;
use crate::dispatch::Payload;
use crate::message::Message;
use crate::parcel::IntoParcel;

/// A call that answers in an action's place: the caller gets its response, an `R`.
///
/// It is given to [`Value::forward`](crate::Value::forward), and is otherwise as a [`Pipe`](crate::Pipe), except that it takes a payload of its own:
/// the one that the action was called with, handed on. A [`Call`] made with the action's context is one as it is.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "forwards.Order")] pub struct Order { pub cents: i64 }
/// # #[derive(Default)] pub struct Desk;
/// # #[derive(Default)] pub struct Manager;
/// #[actor(stateful = false)]
/// impl Manager {
///     #[action]
///     fn approve(&self, order: Order) -> String {
///         format!("{} approved by the manager", order.cents)
///     }
/// }
///
/// #[actor(stateful = false)]
/// impl Desk {
///     #[action]
///     fn approve(&self, ctx: &Context, order: Order) -> Value<String> {
///         if order.cents < 1_000 {
///             Value::from("approved".to_owned())
///         } else {
///             Value::of().forward(ctx.actor::<Manager>().approve(order))
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("forwards").in_memory().only::<(Desk, Manager)>().start().await?;
/// let answer = system.actor::<Desk>().approve(Order { cents: 5_000 }).await?;
/// assert_eq!(answer, "5000 approved by the manager");
/// # Ok(()) }
/// ```
///
/// By name: `Value::of().forward(Forward::to("manager", "approve", order))`.
#[must_use = "a forward is made when it is returned from an action"]
pub struct Forward<R> {
    onward: Onward,
    response: PhantomData<fn() -> R>,
}

impl<R: Message + 'static> Forward<R> {
    /// To `action` of the actor `actor`, by name.
    pub fn to<K>(
        actor: impl Into<String>,
        action: impl Into<String>,
        payload: impl IntoParcel<K>,
    ) -> Self {
        let onward = Onward::new(Address::by_name(actor, action), payload.into_parcel());
        Self { onward, response: PhantomData }
    }

    /// The name of the unnamed actor of which an instance is called; what `to` was given first is then its id.
    pub fn reference(mut self, actor: impl Into<String>) -> Self {
        self.onward.address = self.onward.address.reference(actor);
        self
    }

    pub(super) fn into_onward(self) -> Onward {
        self.onward
    }
}

impl<A: Actor, P: Payload, R: Message + 'static> From<Call<A, P, R>> for Forward<R> {
    fn from(call: Call<A, P, R>) -> Self {
        Self { onward: call.into(), response: PhantomData }
    }
}

impl<R> fmt::Debug for Forward<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Forward").field(&self.onward).finish()
    }
}
