//! The same state, made of nothing but the log.

use spawn::prelude::*;

use crate::events::{AddressChanged, DomainEvent, EmailChanged, Profile, ProfileUpdated};

// ANCHOR: audit
/// An instance for each user, found by the field of the event that `route` names.
#[message(name = "event_sourcing.ProfileAudit")]
pub(crate) struct ProfileAudit {
    profile: Profile,
}

#[actor(name = "profile_audit", kind = unnamed, channels = [("user.*", apply, from = start)])]
impl ProfileAudit {
    #[action(name = "apply", route = user_id)]
    fn apply_profile(&mut self, event: ProfileUpdated) {
        self.profile.apply(&DomainEvent::Profile(event));
    }

    #[action(name = "apply", route = user_id)]
    fn apply_email(&mut self, event: EmailChanged) {
        self.profile.apply(&DomainEvent::Email(event));
    }

    #[action(name = "apply", route = user_id)]
    fn apply_address(&mut self, event: AddressChanged) {
        self.profile.apply(&DomainEvent::Address(event));
    }

    #[action]
    pub(crate) fn profile(&self) -> Profile {
        self.profile.clone()
    }
}
// ANCHOR_END: audit
