//! Gives the events of an actor with routes to the instances that they are for, and those of a pool to its members.
//!
//! [`Dispatch`] decides; a task for each such actor carries that out. An instance that gets an event is activated if need be.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::cell::{AnyCell, Cell};
use super::instances::Instances;
use super::pool_events;
use crate::actor::{Actor, ActorId};
use crate::commit::{self, Release, Waiter};
use crate::dead_letter;
use crate::delivery::{self, Delivery, Dispatch, Keyed, Lane, Next, Place};
use crate::error::{Error, Result};
use crate::event::Position;
use crate::retention::Progress;
use crate::store::{Commit, Consumed, Cursor, Parking};
use crate::system::Env;

/// How long to wait before something is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// The events of an actor that wait for their instances to be found, and those that are on their way there.
pub(super) struct Router {
    /// The actor's name, under which the position of the dispatch is saved.
    name: &'static str,
    env: Arc<Env>,
    state: Mutex<State>,
    news: Notify,
    /// Told when an event was taken by a member of a pool.
    taken: Notify,
    closed: AtomicBool,
}

struct State {
    lane: Lane<Delivery>,
    dispatch: Dispatch,
    /// Whether the dispatch is that of the store.
    is_loaded: bool,
    /// Events on their way to the members of a pool.
    in_flight: usize,
}

impl Router {
    /// Nothing is dispatched before [`run`].
    pub(super) fn new(name: &'static str, env: Arc<Env>) -> Self {
        let mut lane = Lane::default();
        let _nobody_is_on_the_way_yet = lane.reset();
        let dispatch = Dispatch::new(Cursor::default(), []);
        let state = State { lane, dispatch, is_loaded: false, in_flight: 0 };
        Self {
            name,
            env,
            state: Mutex::new(state),
            news: Notify::new(),
            taken: Notify::new(),
            closed: AtomicBool::new(false),
        }
    }

    pub(super) fn offer(&self, delivery: Delivery) {
        let has_to_run = self.state.lock().lane.offer(delivery);
        if has_to_run {
            self.news.notify_one();
        }
    }

    /// Ends the task; what was not dispatched is after the next start.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.news.notify_one();
        self.taken.notify_waiters();
    }

    pub(super) fn env(&self) -> &Arc<Env> {
        &self.env
    }

    /// Whether there is something to do now.
    pub(super) fn is_busy(&self) -> bool {
        let State { lane, dispatch, .. } = &*self.state.lock();
        !lane.is_idle() || dispatch.has_to_save()
    }

    /// Up to where the log is not needed any more, if everything up to `head` was offered.
    pub(super) fn has_had(&self, head: Position) -> Progress {
        let State { lane, dispatch, is_loaded, .. } = &*self.state.lock();
        match is_loaded {
            false => Progress::Behind,
            true if lane.is_done() && dispatch.is_at_rest() => Progress::Done(head),
            true => Progress::Done(Position(dispatch.needed().position.0.saturating_sub(1))),
        }
    }

    /// The instance has handled its events up to `key`, and that is saved.
    pub(super) fn handled(&self, id: &ActorId, key: Cursor) {
        let moved = self.state.lock().dispatch.handled(id, key);
        if moved {
            self.news.notify_one();
        }
    }

    /// A member of the pool has dealt with an event, and that is saved.
    pub(super) fn taken(&self, key: Option<Cursor>) {
        let mut state = self.state.lock();
        state.in_flight -= 1;
        if let Some(key) = key {
            state.dispatch.taken(key);
        }
        drop(state);
        self.news.notify_one();
        self.taken.notify_waiters();
    }

    /// Resolves when everything before the event was dealt with, or the router is closed.
    pub(super) async fn is_next(&self, key: Cursor) {
        loop {
            let taken = self.taken.notified();
            if self.is_closed() || self.state.lock().dispatch.is_next(key) {
                return;
            }
            taken.await;
        }
    }

    /// The instance cannot go on; the others need not wait for it.
    pub(super) fn park(self: &Arc<Self>, cell: Arc<dyn AnyCell>) {
        let after = self.state.lock().dispatch.park(cell.id());
        if let Some(after) = after {
            let mut commit = self.env.new_commit();
            commit.parking = Some(Parking { actor: cell.id().clone(), after: Some(after) });
            let saved = Parked { router: Arc::clone(self), cell, commit };
            self.env.pipeline.submit(Box::new(saved));
        }
    }

    pub(super) fn is_parked(&self, id: &ActorId) -> bool {
        self.state.lock().dispatch.is_parked(id)
    }

    /// Everything that the instance had is saved; if nothing came since, it is parked no more.
    pub(super) fn unpark<A: Actor>(self: &Arc<Self>, cell: &Cell<A>) {
        let is_unparked = {
            // No event is given to it meanwhile.
            let mut state = self.state.lock();
            let is_done = cell.lane().is_done();
            is_done && state.dispatch.unpark(&cell.id)
        };
        if is_unparked {
            self.save_unparked(cell.id.clone());
        }
    }

    fn save_unparked(self: &Arc<Self>, id: ActorId) {
        let mut commit = self.env.new_commit();
        commit.parking = Some(Parking { actor: id.clone(), after: None });
        let saved = Unparked { router: Arc::clone(self), id, commit };
        self.env.pipeline.submit(Box::new(saved));
    }

    /// Where an instance that reads the log begins, and up to where the events were given out.
    pub(super) fn range(&self, id: &ActorId) -> (Cursor, Cursor) {
        let dispatch = &self.state.lock().dispatch;
        (dispatch.floor(id), dispatch.seen())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Saves how far the dispatch is. A crash before that brings a few events again, which their instances know.
    fn save(self: &Arc<Self>) {
        let position = {
            let State { lane, dispatch, .. } = &mut *self.state.lock();
            if lane.take_lost_cursor() {
                dispatch.lose_position();
            }
            dispatch.take_position_to_save(lane.is_idle())
        };
        if let Some(position) = position {
            let mut commit = self.env.new_commit();
            commit.consumed = Some(self.consumed(position));
            let (env, router) = (Arc::clone(&self.env), Arc::clone(self));
            let again = move || {
                let _on_the_way_already = router.state.lock().lane.lose_cursor();
                router.news.notify_one();
            };
            self.env.pipeline.submit(Box::new(Place { env, commit, is_void: || false, again }));
        }
    }

    pub(super) fn consumed(&self, cursor: Cursor) -> Consumed {
        Consumed::Events { subscriber: self.name.to_owned(), cursor }
    }
}

/// What waits until it is saved that an instance is parked.
struct Parked {
    router: Arc<Router>,
    cell: Arc<dyn AnyCell>,
    commit: Commit,
}

impl Waiter for Parked {}

impl Release for Parked {
    fn commit(&self) -> Option<&Commit> {
        Some(&self.commit)
    }

    fn release(self: Box<Self>, outcome: commit::Outcome) {
        let Self { router, cell, .. } = *self;
        if let Err(failure) = &outcome {
            tracing::warn!(actor = %cell.id(), ?failure, "it could not be parked");
        }
        router.state.lock().dispatch.parked(cell.id(), outcome.is_ok());
        router.news.notify_one();
        // It may have come through meanwhile, and has nothing more to do that would tell it to be parked no more.
        router.env.spawn(async move { cell.run_lane() });
    }
}

/// What waits until it is saved that an instance is parked no more.
struct Unparked {
    router: Arc<Router>,
    id: ActorId,
    commit: Commit,
}

impl Waiter for Unparked {}

impl Release for Unparked {
    fn commit(&self) -> Option<&Commit> {
        Some(&self.commit)
    }

    /// The row would stay, since the instance may never be parked again.
    fn release(self: Box<Self>, outcome: commit::Outcome) {
        let Self { router, id, .. } = *self;
        let Err(failure) = outcome else { return };
        if router.is_closed() {
            return;
        }
        tracing::warn!(actor = %id, ?failure, "it could not be saved that it is not parked any more");
        let handle = router.env.handle.clone();
        handle.spawn(async move {
            tokio::time::sleep(PAUSE).await;
            let state = router.state.lock();
            // What is submitted under the lock comes before a parking that begins after it.
            if !state.dispatch.has_parking(&id) && !router.is_closed() {
                router.save_unparked(id);
            }
        });
    }
}

/// Dispatches until the router is closed.
pub(super) async fn run<A: Actor>(instances: Weak<Instances<A>>, router: Arc<Router>) {
    while !router.is_closed() {
        match load(&router).await {
            Ok(dispatch) => {
                let mut parked: Vec<_> = dispatch.all_parked().cloned().collect();
                parked.sort_unstable();
                {
                    let mut state = router.state.lock();
                    state.dispatch = dispatch;
                    state.is_loaded = true;
                }
                let Some(instances) = instances.upgrade() else { return };
                wake(&instances, &parked);
                break;
            }
            Err(error) => {
                tracing::warn!(actor = router.name, ?error, "its events wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    let Some(limit) = instances.upgrade().map(|it| it.pool().map(pool_events::limit)) else {
        return;
    };
    while !router.is_closed() {
        if limit.is_some_and(|limit| router.state.lock().in_flight >= limit) {
            router.news.notified().await;
            continue;
        }
        let congested = router.state.lock().dispatch.congested().cloned();
        if let Some(id) = congested {
            let Some(instances) = instances.upgrade() else { return };
            park(&instances, &router, &id);
            router.news.notified().await;
            continue;
        }
        let next = router.state.lock().lane.next();
        router.save();
        match next {
            Next::Deliver { item, .. } => {
                let Some(instances) = instances.upgrade() else { return };
                dispatch(&instances, &router, item).await;
                tokio::task::coop::consume_budget().await;
            }
            Next::Read { after } => {
                let Some(instances) = instances.upgrade() else { return };
                read(&instances, &router, after).await;
            }
            Next::Paused | Next::Empty => router.news.notified().await,
        }
    }
}

fn park<A: Actor>(instances: &Arc<Instances<A>>, router: &Arc<Router>, id: &ActorId) {
    if let Ok(cell) = instances.unnamed(id.instance().unwrap_or_default()) {
        router.park(cell);
    }
}

async fn load(router: &Router) -> Result<Dispatch> {
    let name = router.name;
    let load = router.env.read(move |store| Ok((store.cursor(name)?, store.parked(name)?)));
    let (cursor, parked) = load.await?;
    Ok(Dispatch::new(cursor.unwrap_or_default(), parked))
}

/// Lets instances that were parked when the system ended go on.
fn wake<A: Actor>(instances: &Arc<Instances<A>>, parked: &[ActorId]) {
    for id in parked {
        if let Ok(cell) = instances.unnamed(id.instance().unwrap_or_default()) {
            cell.begin_lane_again();
        }
    }
}

async fn dispatch<A: Actor>(
    instances: &Arc<Instances<A>>,
    router: &Arc<Router>,
    delivery: Delivery,
) {
    let key = delivery.key();
    if instances.pool().is_some() {
        {
            let State { dispatch, in_flight, .. } = &mut *router.state.lock();
            *in_flight += 1;
            if let Some(key) = key {
                dispatch.give_away(key);
            }
        }
        return pool_events::give(instances, router, delivery, 0);
    }
    let action = A::TABLE.actions.get(delivery.action);
    let Some(id) = action.and_then(|action| action.route(&delivery.event)) else {
        router.env.channels.count_unmatched();
        if let Some(key) = key {
            router.state.lock().dispatch.given(key, None);
        }
        return;
    };
    match id.and_then(|id| instances.unnamed(&id)) {
        Ok(cell) => {
            let has_to_run = {
                let mut state = router.state.lock();
                if let Some(key) = key {
                    state.dispatch.given(key, Some(&cell.id));
                }
                cell.lane().offer(delivery)
            };
            if has_to_run {
                cell.run_lane();
            }
        }
        Err(error) => give_up(instances, router, &delivery, &error).await,
    }
}

/// Puts an event that names no instance among the dead letters, in the commit that moves the position.
async fn give_up<A: Actor>(
    instances: &Arc<Instances<A>>,
    router: &Arc<Router>,
    delivery: &Delivery,
    error: &Error,
) {
    let name = router.name;
    tracing::error!(actor = name, event = ?delivery.event, ?error, "an event has no instance");
    let Some(key) = delivery.key() else { return };
    let pattern = instances.key_of(delivery.subscription);
    while !router.is_closed() {
        drain(instances, router).await;
        let mut commit = router.env.new_commit();
        let letter = dead_letter::of_event(name, pattern, &delivery.event, error, 1, commit.at);
        let mut outbox = dead_letter::announcement(&router.env, &letter, None);
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.consumed = Some(router.consumed(key));
        commit.dead_letter = Some(Box::new(letter));
        match router.env.save(Some(commit), outbox).await {
            Ok(_) => return router.state.lock().dispatch.given_up(key),
            Err(error) => {
                tracing::warn!(actor = name, ?error, "an event has to wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Waits until nothing is on its way; who takes too long is parked.
async fn drain<A: Actor>(instances: &Arc<Instances<A>>, router: &Arc<Router>) {
    while !router.is_closed() {
        let on_the_way: Vec<_> = router.state.lock().dispatch.on_the_way().cloned().collect();
        if on_the_way.is_empty() {
            return;
        }
        if tokio::time::timeout(PAUSE, router.news.notified()).await.is_err() {
            for id in &on_the_way {
                park(instances, router, id);
            }
        }
    }
}

async fn read<A: Actor>(instances: &Instances<A>, router: &Router, after: Cursor) {
    let begin = after.max(router.state.lock().dispatch.seen());
    match delivery::read(&router.env, instances.subscriptions(), begin).await {
        Ok((found, stopped_at)) => router.state.lock().lane.fill(found, stopped_at),
        Err(error) => {
            tracing::warn!(actor = router.name, ?error, "its events wait");
            router.state.lock().lane.read_failed(after);
            tokio::time::sleep(PAUSE).await;
            let _on_the_way_already = router.state.lock().lane.unpause();
        }
    }
}
