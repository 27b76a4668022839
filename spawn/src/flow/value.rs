//! What an action returns when it returns more than a response.

use std::fmt;

use super::onward::{Answered, Onward};
use super::{Broadcast, Forward, Pipe, SideEffect};
use crate::message::Message;
use crate::tags::Tags;

/// A response, and what goes with it: a new state, events to publish.
///
/// All of it takes effect, or none.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "shop.Order")] pub struct Order { pub id: String }
/// # #[message(name = "shop.OrderPlaced")] pub struct OrderCreated { pub order_id: String }
/// fn accept(order: Order) -> Value<Order> {
///     let event = OrderCreated { order_id: order.id.clone() };
///     Value::from(order).broadcast(Broadcast::to("order.events", event))
/// }
/// ```
///
/// An action with `&self` that hands back a new state names it in its type:
///
/// ```
/// use spawn::prelude::*;
///
/// #[message(name = "values.Total")]
/// pub struct Total { count: i64 }
///
/// #[actor]
/// impl Total {
///     #[action]
///     fn add(&self, amount: i64) -> Value<i64, Self> {
///         let next = Total { count: self.count + amount };
///         Value::of().response(next.count).state(next)
///     }
/// }
/// ```
#[must_use = "a value takes effect when it is returned from an action"]
pub struct Value<R = (), S = Unchanged> {
    pub(crate) answer: Answered<R, Onward>,
    pub(crate) state: S,
    pub(crate) flow: Option<Box<Flow>>,
}

/// The second parameter of a [`Value`] without a new state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unchanged;

/// What leaves an actor with an action's response.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    pub(crate) broadcast: Broadcast,
    pub(crate) effects: Vec<SideEffect>,
    pub(crate) tags: Option<Tags>,
}

impl Value {
    /// No response yet, and nothing else.
    pub const fn of() -> Self {
        Self { answer: Answered::Here(()), state: Unchanged, flow: None }
    }
}

impl<R> Value<R> {
    /// A response, and nothing else.
    pub const fn from(response: R) -> Self {
        Self { answer: Answered::Here(response), state: Unchanged, flow: None }
    }
}

impl<R, S> Value<R, S> {
    /// Sets the response, also in place of a pipe or a forward.
    pub fn response<T>(self, response: T) -> Value<T, S> {
        Value { answer: Answered::Here(response), state: self.state, flow: self.flow }
    }

    /// Sets the state that the actor has from here on, in place of whatever the action left in `self`. It is of the actor's own
    /// type, and the action returns `Value<R, Self>`.
    pub fn state<T>(self, state: T) -> Value<R, T> {
        Value { answer: self.answer, state, flow: self.flow }
    }

    /// Publishes `broadcast` when the action has succeeded; called again, it adds.
    ///
    /// If a channel in it is not well formed, the action fails with [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName).
    pub fn broadcast(mut self, broadcast: Broadcast) -> Self {
        self.flow.get_or_insert_default().broadcast.append(broadcast);
        self
    }

    /// Goes on with the response: it is the payload of the action that `pipe` names, when what this action did is saved, and the caller gets
    /// what that one responds.
    ///
    /// The action fails and changes nothing if `pipe` leads nowhere: to an actor or an action that does not exist
    /// ([`UnknownActor`](crate::ErrorKind::UnknownActor), [`UnknownAction`](crate::ErrorKind::UnknownAction)) or does not take the
    /// response ([`UnsupportedPayload`](crate::ErrorKind::UnsupportedPayload)), back to an action of the same chain
    /// ([`Cycle`](crate::ErrorKind::Cycle)), or to an actor that waits for the answer ([`Deadlock`](crate::ErrorKind::Deadlock)); or if
    /// the value goes on from two places. See [`Pipe`] for what comes after.
    pub fn pipe<T: Message + 'static>(self, pipe: Pipe<R, T>) -> Value<T, S>
    where
        R: Message + 'static,
    {
        let onward = match self.answer {
            Answered::Here(response) => pipe.with(response),
            Answered::Onward(first) => Onward { is_second: true, ..*first },
        };
        Value { answer: Answered::Onward(Box::new(onward)), state: self.state, flow: self.flow }
    }

    /// Lets another action answer, when what this one did is saved; a response that was set is not given to anyone.
    ///
    /// Fails as [`pipe`](Value::pipe) does. See [`Forward`].
    pub fn forward<T: Message + 'static>(self, forward: impl Into<Forward<T>>) -> Value<T, S> {
        let onward = Box::new(forward.into().into_onward());
        Value { answer: Answered::Onward(onward), state: self.state, flow: self.flow }
    }

    /// Sets the tags that the actor has from here on, in place of those that it had ([`Context::tags`](crate::Context::tags)). They are
    /// saved with the state, and [`System::find`](crate::System::find) finds the actor by them; going back to an earlier
    /// revision of the state leaves them as they are.
    ///
    /// There can be up to 64; a key is 1 to 128 bytes, a value up to 512. With others, and where the actor is `stateful = false`, the action
    /// fails with [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName), and changes nothing.
    pub fn tags(
        mut self,
        tags: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self.flow.get_or_insert_default().tags = Some(tags);
        self
    }

    /// Makes a call when what the action did is saved; called again, it adds.
    pub fn effect(mut self, effect: impl Into<SideEffect>) -> Self {
        self.flow.get_or_insert_default().effects.push(effect.into());
        self
    }

    /// Makes several calls when what the action did is saved.
    pub fn effects(mut self, effects: impl IntoIterator<Item = SideEffect>) -> Self {
        self.flow.get_or_insert_default().effects.extend(effects);
        self
    }
}

impl<R> From<R> for Value<R> {
    fn from(response: R) -> Self {
        Value::from(response)
    }
}

impl<R: fmt::Debug, S: fmt::Debug> fmt::Debug for Value<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value")
            .field("answer", &self.answer)
            .field("state", &self.state)
            .field("flow", &self.flow)
            .finish()
    }
}
