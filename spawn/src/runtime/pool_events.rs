//! Events of a pool: any one of its members takes the next one.
//!
//! Several are handled at once, and end in any order. The dispatch's position says up to where all of them have; after a crash those
//! beyond it come again. One that fails comes again after a pause, and the others go on meanwhile.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::cell::{ActorClaim, First};
use super::claim::{Content, Envelope, Opened, Sheet};
use super::instances::Instances;
use super::onward::Answer;
use super::pool::Pool;
use super::router::Router;
use super::run::Ran;
use super::turn::{self, PAUSE};
use crate::actor::Actor;
use crate::commit::Draft;
use crate::dead_letter;
use crate::delivery::{Delivery, Keyed};
use crate::error::{Error, Result};
use crate::schedule;

/// How many events may be on their way to the members at least, those between two attempts included.
const ON_THE_WAY: usize = 64;

/// How many events may be on their way to the members.
pub(super) fn limit<A: Actor>(pool: &Pool<A>) -> usize {
    ON_THE_WAY.max(2 * pool.most())
}

/// An event that waits for a member.
struct EventTurn<A: Actor> {
    instances: Arc<Instances<A>>,
    router: Arc<Router>,
    delivery: Delivery,
    /// How often it has failed.
    failed: u32,
}

/// Gives an event to the next member that is idle.
pub(super) fn give<A: Actor>(
    instances: &Arc<Instances<A>>,
    router: &Arc<Router>,
    delivery: Delivery,
    failed: u32,
) {
    let (instances, router) = (Arc::clone(instances), Arc::clone(router));
    let front = instances.named();
    let turn = EventTurn { instances, router, delivery, failed };
    if let Some((claim, envelope)) = front.leave(Envelope::new(turn), false) {
        claim.spawn_drain(First::Envelope(envelope));
    }
}

impl<A: Actor> Content<ActorClaim<A>> for EventTurn<A> {
    fn open(sheet: Arc<Sheet<ActorClaim<A>, Self>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
        let Some(mut work) = turn::prepared::<A>(&sheet.delivery, sheet.failed) else {
            sheet.router.env().channels.count_unmatched();
            sheet.end();
            return Opened::Done;
        };
        match claim.run(&mut work.job, &mut work.request) {
            Ran::Done(result) => sheet.ended(result.map(drop)),
            Ran::Held(result, draft) => hold(sheet, claim, result, draft),
            Ran::Suspended(run) => {
                let work = Mutex::new(work);
                return Opened::Pending(Box::pin(async move {
                    match claim.resume(&work, run).await {
                        (result, None) => sheet.ended(result.map(drop)),
                        (result, Some(draft)) => hold(sheet, claim, result, draft),
                    }
                }));
            }
        }
        Opened::Done
    }

    /// The system stops: the event is in the log.
    fn refuse(&self) {}
}

/// What it came to is known when it is saved.
fn hold<A: Actor>(
    sheet: Arc<Sheet<ActorClaim<A>, EventTurn<A>>>,
    claim: &ActorClaim<A>,
    result: Result<Answer>,
    draft: Option<Box<Draft>>,
) {
    claim.hold(draft, move |saved| {
        let result = saved.and(result).map(|answer| drop(answer.release()));
        sheet.ended(result);
    });
}

impl<A: Actor> EventTurn<A> {
    fn ended(&self, result: Result<()>) {
        let Err(error) = result else { return self.end() };
        let (name, event) = (A::TABLE.name, &self.delivery.event);
        if self.delivery.key().is_none() {
            tracing::warn!(actor = name, ?event, ?error, "a transient event was not handled");
            return self.end();
        }
        if schedule::is_not_its_own(&error) {
            tracing::warn!(actor = name, ?event, ?error, "an event has to wait");
            return self.again(PAUSE, self.failed);
        }
        let (attempts, retry) = (self.failed + 1, &A::TABLE.retry);
        if error.is_worth_trying() && attempts < retry.attempts {
            let pause = retry.backoff.delay(attempts);
            tracing::warn!(actor = name, ?pause, ?error, "an event comes again");
            if let Some(meters) = &self.instances.meters {
                meters.events.retries.increment(1);
            }
            self.again(pause, attempts);
        } else {
            tracing::error!(actor = name, ?event, attempts, ?error, "an event is given up");
            let (instances, router) = (Arc::clone(&self.instances), Arc::clone(&self.router));
            let delivery = self.delivery.clone();
            let env = Arc::clone(router.env());
            env.spawn(async move {
                give_up(&instances, &router, &delivery, attempts, &error).await;
            });
        }
    }

    /// It was dealt with, and that is saved if it has to be.
    fn end(&self) {
        self.router.taken(self.delivery.key());
    }

    fn again(&self, pause: Duration, failed: u32) {
        let (instances, router) = (Arc::downgrade(&self.instances), Arc::clone(&self.router));
        let delivery = self.delivery.clone();
        self.router.env().spawn(async move {
            tokio::time::sleep(pause).await;
            if let Some(instances) = instances.upgrade() {
                give(&instances, &router, delivery, failed);
            }
        });
    }
}

/// Puts an event among the dead letters, in the commit that moves the position past it: so those before it have to end first.
async fn give_up<A: Actor>(
    instances: &Arc<Instances<A>>,
    router: &Arc<Router>,
    delivery: &Delivery,
    attempts: u32,
    error: &Error,
) {
    let Some(key) = delivery.key() else { return };
    let pattern = instances.key_of(delivery.subscription);
    router.is_next(key).await;
    while !router.is_closed() {
        let mut commit = router.env().new_commit();
        let (name, event) = (A::TABLE.name, &delivery.event);
        let letter = dead_letter::of_event(name, pattern, event, error, attempts, commit.at);
        let mut outbox = dead_letter::announcement(router.env(), &letter, None);
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.consumed = Some(router.consumed(key));
        commit.dead_letter = Some(Box::new(letter));
        match router.env().save(Some(commit), outbox).await {
            Ok(_) => return router.taken(Some(key)),
            Err(error) => {
                tracing::warn!(actor = name, ?error, "an event has to wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
