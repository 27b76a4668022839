//! The states of passive actors, in memory.

use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::actor::ActorId;
use crate::parcel::Parcel;

/// States by actor.
#[derive(Default)]
pub(crate) struct Saved(Mutex<HashMap<ActorId, Parcel>>);

impl Saved {
    pub(crate) fn save(&self, id: &ActorId, state: Parcel) {
        self.0.lock().insert(id.clone(), state);
    }

    pub(crate) fn load(&self, id: &ActorId) -> Option<Parcel> {
        self.0.lock().get(id).cloned()
    }

    /// The instances of the actor `name` whose state is here.
    pub(crate) fn instances(&self, name: &str) -> Vec<ActorId> {
        self.0.lock().keys().filter(|id| id.name() == name).cloned().collect()
    }
}
