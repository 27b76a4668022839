//! A user, as the place where it is decided what happens.

use spawn::prelude::*;

use crate::events::{AddressChanged, DomainEvent, EmailChanged, Profile, ProfileUpdated};

/// What is to be changed.
#[message(name = "event_sourcing.UpdateProfile")]
pub(crate) struct UpdateProfile {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) city: Option<String>,
}

// ANCHOR: aggregate
#[message(name = "event_sourcing.UserAggregate")]
pub(crate) struct UserAggregate {
    profile: Profile,
}

#[actor(name = "user_aggregate", kind = unnamed)]
impl UserAggregate {
    /// Decides, applies what was decided, and tells it; gives how many events that were.
    #[action]
    pub(crate) fn update_profile(
        &mut self,
        ctx: &Context,
        update: UpdateProfile,
    ) -> Result<Value<u64>, ActionError> {
        let user_id = ctx.id().instance().unwrap_or_default();
        let events = self.decide(user_id, update)?;
        let count = events.len() as u64;
        let broadcast = events.into_iter().fold(Broadcast::new(), |all, event| {
            self.profile.apply(&event);
            event.publish(all)
        });
        Ok(Value::from(count).broadcast(broadcast))
    }

    #[action]
    pub(crate) fn profile(&self) -> Profile {
        self.profile.clone()
    }

    /// The rules. Changes nothing.
    fn decide(
        &self,
        user_id: &str,
        update: UpdateProfile,
    ) -> Result<Vec<DomainEvent>, ActionError> {
        let user_id = || user_id.to_owned();
        let UpdateProfile { name, email, city } = update;
        let mut events = Vec::new();
        if let Some(name) = name.filter(|name| *name != self.profile.name) {
            events.push(DomainEvent::Profile(ProfileUpdated { user_id: user_id(), name }));
        }
        if let Some(new) = email.filter(|email| *email != self.profile.email) {
            if new.matches('@').count() != 1 {
                return Err(ActionError::new("no_address", format!("{new} is no address")).fatal());
            }
            let old = self.profile.email.clone();
            events.push(DomainEvent::Email(EmailChanged { user_id: user_id(), old, new }));
        }
        if let Some(city) = city.filter(|city| *city != self.profile.city) {
            events.push(DomainEvent::Address(AddressChanged { user_id: user_id(), city }));
        }
        Ok(events)
    }
}
// ANCHOR_END: aggregate
