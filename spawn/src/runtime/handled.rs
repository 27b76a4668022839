//! What becomes of an event that was handled: the lane goes on, it comes again, or it is given up.

use std::sync::Arc;

use super::cell::{ActorClaim, AnyCell};
use super::onward::Answer;
use super::run::Ran;
use super::settle;
use super::turn::PAUSE;
use crate::actor::Actor;
use crate::commit::Draft;
use crate::dead_letter;
use crate::delivery::{Delivery, Keyed, Place, Verdict};
use crate::error::{Error, Result};
use crate::flow::Answered;
use crate::schedule;
use crate::store::{Cursor, NewDeadLetter};

impl<A: Actor> ActorClaim<A> {
    /// The outcome will be known when it is saved; the actor goes on meanwhile.
    pub(super) fn handled_unsaved(
        &mut self,
        delivery: Delivery,
        failed: u32,
        result: Result<Answer>,
        draft: Option<Box<Draft>>,
    ) {
        match result {
            Ok(answer) => {
                let (cell, key) = (Arc::clone(self.cell()), delivery.key());
                self.hold_event(draft, move |saved| match saved {
                    Ok(()) => {
                        drop(answer.release());
                        cell.has_handled(key);
                    }
                    Err(_) => cell.begin_lane_again(),
                });
            }
            Err(error) => self.handled(delivery, failed, Err(error)),
        }
    }

    pub(super) fn handled(&mut self, delivery: Delivery, failed: u32, result: Result<()>) {
        let Err(error) = result else { return self.pass(&delivery) };
        let id = &self.shared().id;
        if delivery.key().is_none() {
            tracing::warn!(actor = %id, event = ?delivery.event, ?error, "a transient event was not handled");
            return;
        }
        if schedule::is_not_its_own(&error) {
            tracing::warn!(actor = %id, event = ?delivery.event, ?error, "an event has to wait");
            self.shared().lane().put_back(delivery, failed);
            self.park();
            self.unpause_after(PAUSE);
            return;
        }
        let verdict =
            self.shared().lane().failed(delivery, failed, &A::TABLE.retry, error.is_worth_trying());
        match verdict {
            Verdict::Retry(pause) => {
                tracing::warn!(actor = %id, ?pause, ?error, "an event comes again");
                if let Some(meters) = &self.shared().instances.meters {
                    meters.events.retries.increment(1);
                }
                self.park();
                self.unpause_after(pause);
            }
            Verdict::GiveUp { item, attempts } => self.give_up(&item, attempts, &error),
        }
    }

    /// Puts the event among the dead letters, in the commit that moves the cursor.
    fn give_up(&mut self, delivery: &Delivery, attempts: u32, error: &Error) {
        let id = self.shared().id.clone();
        tracing::error!(actor = %id, event = ?delivery.event, attempts, ?error, "an event is given up");
        let pattern = self.shared().instances.key_of(delivery.subscription);
        let Some(key) = delivery.key() else { return };
        let pattern = pattern.to_owned();
        let event = &delivery.event;
        self.bury(key, |at| {
            dead_letter::of_event(id.as_str(), &pattern, event, error, attempts, at)
        });
        self.pass(delivery);
    }

    /// Saves a dead letter, in the commit that moves the cursor.
    pub(super) fn bury(&mut self, key: Cursor, letter: impl FnOnce(u64) -> NewDeadLetter) {
        let id = self.shared().id.clone();
        let mut commit = self.new_commit();
        let letter = letter(commit.at);
        let mut outbox = dead_letter::announcement(self.env(), &letter, Some(&id));
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.dead_letter = Some(Box::new(letter));
        if A::TABLE.state.is_some() {
            commit.actor = Some(self.write_actor(None, Some(key)));
        } else {
            commit.consumed = Some(settle::consumed(id.to_string(), key));
            let kept = self.body().kept();
            kept.cursor = Some(key);
            kept.submitted = Some(key);
        }
        self.save(Draft { commit, outbox });
    }

    /// Submits what nobody waits for.
    pub(super) fn save(&mut self, draft: Draft) {
        let settled =
            settle::Settled { response: Ok(Answered::Here(())), draft: Some(Box::new(draft)) };
        if let Ran::Held(_, draft) = self.conclude(settled) {
            let cell = Arc::clone(self.cell());
            self.hold_event(draft, move |saved| {
                if saved.is_err() {
                    cell.begin_lane_again();
                }
            });
        } else if self.shared().has_failed() {
            Arc::clone(self.cell()).begin_lane_again();
        }
    }

    /// Saves how far an actor is that has no state to save it with. A crash before that brings a few events again.
    pub(super) fn submit_cursor(&mut self) {
        let is_routed = self.shared().instances.router().is_some();
        if A::TABLE.state.is_some() || is_routed || self.body().cursor().is_none() {
            return;
        }
        let is_lost = self.shared().lane().take_lost_cursor();
        let kept = self.body().kept();
        let is_new = kept.cursor != kept.submitted;
        let Some(cursor) = kept.cursor.filter(|_| is_new || is_lost) else { return };
        kept.submitted = Some(cursor);
        let mut commit = self.new_commit();
        commit.consumed = Some(settle::consumed(self.shared().id.to_string(), cursor));
        let (env, cell) = (Arc::clone(self.env()), Arc::clone(self.cell()));
        let failed = Arc::clone(&cell);
        let is_void = move || failed.has_failed();
        let again = move || {
            let wake = cell.lane().lose_cursor();
            if wake {
                cell.run_lane();
            }
        };
        self.env().pipeline.submit(Box::new(Place { env, commit, is_void, again }));
    }
}
