//! What leaves an actor with its commit.

use smallvec::SmallVec;

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::clock;
use crate::error::Result;
use crate::event::{Event, EventId, Position};
use crate::flow::{Broadcast, Flow, SideEffect};
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::runtime::{self, Wake};
use crate::store::{CallId, Commit, Encoded, NewCall, NewEvent, Verdict};
use crate::system::Env;

/// A commit that was not submitted yet, and what leaves with it.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) commit: Commit,
    pub(crate) outbox: Option<Outbox>,
}

/// Events on their way: held until their commit has taken effect, then given to their subscribers as they are, not encoded.
#[derive(Debug)]
pub(crate) struct Outbox {
    events: SmallVec<[Outgoing; 1]>,
    calls: Vec<NewCall>,
    publisher: Option<ActorId>,
    metadata: Metadata,
    at: u64,
}

#[derive(Debug)]
struct Outgoing {
    channel: Channel,
    payload: Parcel,
    durable: bool,
    /// What has to be saved of a durable one, until it is written.
    encoded: Option<Encoded>,
}

impl Outbox {
    /// Takes the events of `flow`.
    ///
    /// # Errors
    /// If one of the channels is not well formed, or what has to be saved cannot be encoded or is too large.
    pub(crate) fn new(
        env: &Env,
        flow: Flow,
        publisher: Option<&ActorId>,
        metadata: &Metadata,
    ) -> Result<Self> {
        let events = flow.broadcast.into_events()?.into_iter().map(|(channel, payload)| {
            let durable = env.rules.is_durable(&channel);
            let encoded = if durable {
                let what = || format!("an event for `{channel}`");
                Some(env.sizes.check_payload(payload.to_encoded()?, what)?)
            } else {
                None
            };
            Ok(Outgoing { channel, payload, durable, encoded })
        });
        let at = env.clock.now();
        let calls =
            flow.effects.into_iter().map(|effect| call(env, effect, publisher, metadata, at));
        Ok(Self {
            events: events.collect::<Result<_>>()?,
            calls: calls.collect::<Result<_>>()?,
            publisher: publisher.cloned(),
            metadata: metadata.clone(),
            at,
        })
    }

    /// Whether nothing leaves.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.calls.is_empty()
    }

    /// Moves what has to be saved to the commit; `true` if that was anything.
    pub(crate) fn write(&mut self, commit: &mut Commit) -> bool {
        let Self { events, publisher, metadata, at, .. } = self;
        // No more than there are: a list that grows by itself has room for four, and thousands of commits are on their way at once.
        commit.events.reserve_exact(events.iter().filter(|event| event.durable).count());
        commit.events.extend(events.iter_mut().filter_map(|event| {
            Some(NewEvent {
                channel: event.channel.clone(),
                payload: event.encoded.take()?,
                publisher: publisher.clone(),
                metadata: metadata.clone(),
                at: *at,
            })
        }));
        commit.calls.extend_from_slice(&self.calls);
        !commit.events.is_empty() || !commit.calls.is_empty()
    }

    /// Lets everything out, after its commit has taken effect.
    pub(crate) fn let_out(self, env: &Env, verdict: Verdict) {
        let Verdict::Committed { first: Position(mut next), first_call: CallId(mut id), .. } =
            verdict
        else {
            return;
        };
        for call in &self.calls {
            env.schedule.add(call.due, CallId(id));
            id += 1;
        }
        let mut wake = Wake::new();
        for Outgoing { channel, payload, durable, .. } in self.events {
            let (publisher, metadata) = (self.publisher.clone(), self.metadata.clone());
            if !durable {
                give(env, &channel, payload, publisher, metadata, self.at, &mut wake);
                continue;
            }
            if let Some(meters) = &env.meters {
                meters.published(true);
            }
            let position = Position(next);
            let id = EventId::durable(env.opened.identity, position);
            let at = clock::calendar(self.at);
            env.channels.offer(&channel, &mut wake, || {
                Event::new(id, position, channel.clone(), publisher, at, metadata, payload, true)
            });
            env.channels.advance(position);
            next += 1;
        }
        runtime::wake(wake);
    }
}

/// Lets events out that nothing has to be saved of, and that no actor publishes.
///
/// # Errors
/// If one of the channels is not well formed; then nothing is let out.
pub(crate) fn let_out_unsaved(env: &Env, broadcast: Broadcast, metadata: &Metadata) -> Result<()> {
    let at = env.clock.now();
    let mut wake = Wake::new();
    for (channel, payload) in broadcast.into_events()? {
        give(env, &channel, payload, None, metadata.clone(), at, &mut wake);
    }
    runtime::wake(wake);
    Ok(())
}

/// Gives an event that is in no log to its subscribers.
fn give(
    env: &Env,
    channel: &Channel,
    payload: Parcel,
    publisher: Option<ActorId>,
    metadata: Metadata,
    at: u64,
    wake: &mut Wake,
) {
    if let Some(meters) = &env.meters {
        meters.published(false);
    }
    let _order = env.channels.order(channel);
    let (id, position) = (env.channels.transient_id(), env.channels.head());
    let at = clock::calendar(at);
    env.channels.offer(channel, wake, || {
        Event::new(id, position, channel.clone(), publisher, at, metadata, payload, false)
    });
}

/// # Errors
/// If there is no such actor, its name or id is none, or the payload cannot be encoded or is too large.
fn call(
    env: &Env,
    effect: SideEffect,
    caller: Option<&ActorId>,
    metadata: &Metadata,
    now: u64,
) -> Result<NewCall> {
    let SideEffect { address, payload, metadata: own, due } = effect;
    let (target, action) = address.resolve()?;
    let what = || format!("the payload of the effect `{action}` of {target}");
    let payload = env.sizes.check_payload(payload.to_encoded()?, what)?;
    Ok(NewCall {
        due: due.at(now),
        target,
        action,
        payload,
        caller: caller.cloned(),
        metadata: metadata.with(&own),
    })
}
