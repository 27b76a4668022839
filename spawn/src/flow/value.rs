//! What an action returns when it returns more than a response.

use std::fmt;

use super::{Broadcast, SideEffect};

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
    pub(crate) response: R,
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
}

impl Value {
    /// No response yet, and nothing else.
    pub const fn of() -> Self {
        Self { response: (), state: Unchanged, flow: None }
    }
}

impl<R> Value<R> {
    /// A response, and nothing else.
    pub const fn from(response: R) -> Self {
        Self { response, state: Unchanged, flow: None }
    }
}

impl<R, S> Value<R, S> {
    /// Sets the response.
    pub fn response<T>(self, response: T) -> Value<T, S> {
        Value { response, state: self.state, flow: self.flow }
    }

    /// Sets the state that the actor has from here on, in place of whatever the action left in `self`. It is of the actor's own
    /// type, and the action returns `Value<R, Self>`.
    pub fn state<T>(self, state: T) -> Value<R, T> {
        Value { response: self.response, state, flow: self.flow }
    }

    /// Publishes `broadcast` when the action has succeeded; called again, it adds.
    ///
    /// If a channel in it is not well formed, the action fails with [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName).
    pub fn broadcast(mut self, broadcast: Broadcast) -> Self {
        self.flow.get_or_insert_default().broadcast.append(broadcast);
        self
    }

    /// Makes a call when what the action did is saved; called again, it adds.
    pub fn effect(mut self, effect: SideEffect) -> Self {
        self.flow.get_or_insert_default().effects.push(effect);
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
            .field("response", &self.response)
            .field("state", &self.state)
            .field("flow", &self.flow)
            .finish()
    }
}
