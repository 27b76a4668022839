//! Calls that leave with an action's commit.

use std::time::{Duration, SystemTime};

use super::address::Address;
use super::onward::Onward;
use crate::actor::Actor;
use crate::call::Call;
use crate::dispatch::Payload;
use crate::metadata::Metadata;
use crate::parcel::{IntoParcel, Parcel};
use crate::schedule::Due;

/// A call that is made because of an action, when what the action did is saved, and not before: an effect.
///
/// It is given to [`Value::effect`](crate::Value::effect). It is saved in the action's own commit, so that it is made if and only
/// if the action took effect, and it is made again after a crash until the called actor has handled it. A durable actor handles it
/// once: its state and the effect's end are one commit. An effect that fails is tried ten times with growing pauses, and then
/// put among the dead letters.
///
/// A [`Call`] is one as it is, `.effect(ctx.actor::<Inventory>().reserve(order_id))`, so that an action that does not exist does not
/// compile; or it is made by name.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
/// use std::time::Duration;
///
/// fn accepted(order_id: String) -> Value<()> {
///     let reminder = SideEffect::to("reminder_service", "remind", order_id.clone());
///     Value::of()
///         .effect(SideEffect::to("inventory_service", "reserve", order_id))
///         .effect(reminder.delay(Duration::from_secs(3_600)))
/// }
/// ```
#[derive(Debug)]
#[must_use = "an effect is made when it is returned from an action"]
pub struct SideEffect {
    pub(crate) address: Address,
    pub(crate) payload: Parcel,
    /// What travels along beside the metadata of the action's own call.
    pub(crate) metadata: Metadata,
    pub(crate) due: Due,
}

impl SideEffect {
    /// A call of `action` of the actor `actor`, by name.
    pub fn to<K>(
        actor: impl Into<String>,
        action: impl Into<String>,
        payload: impl IntoParcel<K>,
    ) -> Self {
        Self {
            address: Address::by_name(actor, action),
            payload: payload.into_parcel(),
            metadata: Metadata::new(),
            due: Due::Now,
        }
    }

    /// The name of the unnamed actor of which an instance is called; what `to` was given first is then its id.
    pub fn reference(mut self, actor: impl Into<String>) -> Self {
        self.address = self.address.reference(actor);
        self
    }

    /// Makes the call so long after the commit.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.due = Due::After(delay);
        self
    }

    /// Makes the call at this time, or at once if it is past.
    pub fn scheduled_to(mut self, time: SystemTime) -> Self {
        self.due = Due::At(time);
        self
    }
}

/// The call with its payload and metadata; a response, a timeout or a key have no meaning for an effect.
impl<A: Actor, P: Payload, R: 'static> From<Call<A, P, R>> for SideEffect {
    fn from(call: Call<A, P, R>) -> Self {
        let Onward { address, payload, options, .. } = call.into();
        Self { address, payload, metadata: options.metadata, due: Due::Now }
    }
}
