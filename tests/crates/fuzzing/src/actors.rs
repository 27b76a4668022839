//! Actors for the targets that run a system.

use std::collections::BTreeMap;

use spawn::prelude::*;
use spawn::{ErrorKind, SystemBuilder};

use crate::messages::{Basket, ours};

/// What an action of a [`Till`] is to leave.
#[message(name = "fuzz.Leave")]
pub(crate) struct Leave {
    pub(crate) actor: String,
    pub(crate) reference: String,
    pub(crate) action: String,
    pub(crate) channel: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) type_name: String,
    pub(crate) payload: Vec<u8>,
    /// 0: an effect, 1 and 2: a forward, 3: an event.
    pub(crate) how: u32,
}

/// Counts what it is told.
#[message(name = "fuzz.Till")]
pub(crate) struct Till {
    pub(crate) total: i64,
    pub(crate) orders: Vec<ours::Order>,
}

#[actor(name = "till", channels = [("till.*", take), ("note.>", note)], retry = { attempts = 2, backoff = "1ms" })]
impl Till {
    #[action]
    fn take(&mut self, amount: i64) -> i64 {
        self.total = self.total.wrapping_add(amount);
        self.total
    }

    #[action(name = "take")]
    fn take_order(&mut self, order: ours::Order) -> i64 {
        self.orders.push(order);
        self.total
    }

    #[action]
    fn basket(&self, basket: Json<Basket>) -> Json<Basket> {
        basket
    }

    #[action]
    fn note(&mut self, event: Event) -> Result<(), ActionError> {
        self.total = self.total.wrapping_add(1);
        event
            .decode::<i64>()
            .map(drop)
            .map_err(|_| ActionError::new("no_number", "no number").fatal())
    }

    #[action]
    fn leave(&mut self, what: Leave) -> Value<i64> {
        let Leave { actor, reference, action, channel, tags, type_name, payload, how } = what;
        self.total = self.total.wrapping_add(1);
        let payload = Parcel::encoded(&type_name, payload);
        let value = Value::from(self.total);
        let value = if tags.is_empty() { value } else { value.tags(tags) };
        match how % 4 {
            0 => {
                let effect = SideEffect::to(actor, action, payload);
                value.effect(if reference.is_empty() {
                    effect
                } else {
                    effect.reference(reference)
                })
            }
            1 => value.forward(Forward::to(actor, action, payload)),
            2 => value.forward(Forward::to(actor, action, payload).reference(reference)),
            _ => value.broadcast(Broadcast::to(channel, payload)),
        }
    }

    #[action]
    fn total(&self) -> i64 {
        self.total
    }
}

/// One for each id, which finds its events by their order.
#[message(name = "fuzz.Desk")]
pub(crate) struct Desk {
    seen: i64,
}

#[actor(name = "desk", kind = unnamed, channels = [("desk.*", order)], retry = { attempts = 2, backoff = "1ms" })]
impl Desk {
    #[action(route = id)]
    fn order(&mut self, order: ours::Order) {
        self.seen = self.seen.wrapping_add(order.id.len().cast_signed() as i64);
    }

    #[action]
    fn seen(&mut self, by: i64) -> i64 {
        self.seen = self.seen.wrapping_add(by);
        self.seen
    }
}

/// Takes anything, and keeps nothing.
#[derive(Default)]
pub(crate) struct Crew;

#[actor(name = "crew", kind = pooled, stateful = false, max_pool_size = 2, channels = ["crew.>"])]
impl Crew {
    #[action]
    pub(crate) fn receive(&self, what: Parcel) -> Vec<u8> {
        what.to_bytes().map(|bytes| bytes.to_vec()).unwrap_or_default()
    }
}

/// A system of these actors, with its data in memory.
pub(crate) fn in_memory() -> SystemBuilder {
    System::builder("fuzz").in_memory().only::<(Till, Desk, Crew)>()
}

/// Runs it on a runtime of its own, so that nothing is left of it.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime of one thread can be made").block_on(future)
}

/// Whether an error of this kind may come of bad input.
pub(crate) fn is_typed(kind: ErrorKind) -> bool {
    // Nothing of a panic, of a store that fails, or of a system that ends.
    !matches!(kind, ErrorKind::Panic | ErrorKind::Storage | ErrorKind::Stopped | ErrorKind::Timeout)
}
