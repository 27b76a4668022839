//! What can happen to a profile, and what a profile is after it.

use spawn::prelude::*;

// ANCHOR: events
#[message(name = "event_sourcing.ProfileUpdated")]
pub(crate) struct ProfileUpdated {
    pub(crate) user_id: String,
    pub(crate) name: String,
}

#[message(name = "event_sourcing.EmailChanged")]
pub(crate) struct EmailChanged {
    pub(crate) user_id: String,
    pub(crate) old: String,
    pub(crate) new: String,
}

#[message(name = "event_sourcing.AddressChanged")]
pub(crate) struct AddressChanged {
    pub(crate) user_id: String,
    pub(crate) city: String,
}

/// One of them. The compiler knows them all, so that none is forgotten.
pub(crate) enum DomainEvent {
    Profile(ProfileUpdated),
    Email(EmailChanged),
    Address(AddressChanged),
}

impl DomainEvent {
    /// Adds it to a broadcast, on the channel that it belongs to.
    pub(crate) fn publish(self, all: Broadcast) -> Broadcast {
        match self {
            Self::Profile(event) => all.and("user.profile", event),
            Self::Email(event) => all.and("user.email", event),
            Self::Address(event) => all.and("user.address", event),
        }
    }
}
// ANCHOR_END: events

// ANCHOR: profile
/// What the events of one user come to.
#[message(name = "event_sourcing.Profile")]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) city: String,
}

impl Profile {
    pub(crate) fn apply(&mut self, event: &DomainEvent) {
        match event {
            DomainEvent::Profile(event) => self.name.clone_from(&event.name),
            DomainEvent::Email(event) => self.email.clone_from(&event.new),
            DomainEvent::Address(event) => self.city.clone_from(&event.city),
        }
    }
}
// ANCHOR_END: profile
