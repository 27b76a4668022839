//! An instance that gets its events by a route, and the dispatch that waits for it.

use std::sync::Arc;

use super::cell::{ActorClaim, Cell};
use crate::actor::Actor;
use crate::delivery::{Delivery, Keyed};
use crate::store::Cursor;

impl<A: Actor> ActorClaim<A> {
    /// The dispatch is told that an event was dealt with, when that is saved.
    pub(super) fn pass(&self, delivery: &Delivery) {
        if self.shared().instances.router().is_none() {
            return;
        }
        let (cell, key) = (Arc::clone(self.cell()), delivery.key());
        if self.shared().has_unsaved() {
            self.hold_event(None, move |saved| {
                if saved.is_ok() {
                    cell.has_handled(key);
                }
            });
        } else if !self.shared().has_failed() {
            cell.has_handled(key);
        }
    }

    /// The dispatch does not wait for this instance any more.
    pub(super) fn park(&self) {
        let shared = self.shared();
        if let Some(router) = shared.instances.router() {
            router.park(Arc::clone(self.cell()) as _);
        }
    }

    pub(super) fn is_parked(&self) -> bool {
        let shared = self.shared();
        shared.instances.router().is_some_and(|router| router.is_parked(&shared.id))
    }

    /// The dispatch goes on with this instance, when everything is saved.
    pub(super) fn unpark(&self) {
        let Some(router) = self.shared().instances.router().filter(|_| self.is_parked()) else {
            return;
        };
        let (router, cell) = (Arc::clone(router), Arc::clone(self.cell()));
        self.hold_event(None, move |saved| match saved {
            Ok(()) => router.unpark(&cell),
            // Nothing else may come that would let it try again.
            Err(_) => cell.begin_lane_again(),
        });
    }

    /// Whether the event finds this instance by its route.
    pub(super) fn is_mine(&self, delivery: &Delivery) -> bool {
        let action = A::TABLE.actions.get(delivery.action);
        let id = action.and_then(|action| action.route(&delivery.event));
        let mine = self.shared().id.instance();
        id.is_some_and(|id| id.is_ok_and(|id| Some(id.as_str()) == mine))
    }
}

impl<A: Actor> Cell<A> {
    /// The dispatch need not know any more of the events up to `key`.
    pub(super) fn has_handled(&self, key: Option<Cursor>) {
        if let (Some(router), Some(key)) = (self.instances.router(), key) {
            router.handled(&self.id, key);
        }
    }
}
