//! What is shown of things.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::SystemTime;

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use serde::Serialize;

use super::payload::{IN_LIST, Shown};
use crate::clock;
use crate::dead_letter::DeadLetter;
use crate::event::Event;
use crate::inspect::{ActiveActor, Lag};
use crate::metadata::Metadata;
use crate::store::CallRow;

/// A time as text: RFC 3339, in UTC.
pub(super) fn time(at: SystemTime) -> String {
    prost_types::Timestamp::from(at).to_string()
}

/// As [`time`], of milliseconds since 1970.
pub(super) fn time_of(at: u64) -> String {
    time(clock::calendar(at))
}

/// Who made a request, as far as that is known.
pub(super) fn who(extensions: &Extensions) -> String {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(|| "unknown".to_owned(), |ConnectInfo(address)| address.to_string())
}

/// A page of something, and what the next one begins after.
#[derive(Debug, Serialize)]
pub(super) struct Page<T, N> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<N>,
}

impl<T, N> Page<T, N> {
    /// Of one more than belong to a page, if there are.
    pub(super) fn of(mut items: Vec<T>, limit: usize, id: impl FnOnce(&T) -> N) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(id);
        Self { items, next }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Active {
    pub(super) id: String,
    since: String,
    waiting: usize,
    events: usize,
    busy: bool,
    revision: Option<u64>,
}

impl From<ActiveActor> for Active {
    fn from(actor: ActiveActor) -> Self {
        Self {
            id: actor.id.to_string(),
            since: time(actor.since),
            waiting: actor.waiting,
            events: actor.events,
            busy: actor.is_busy,
            revision: actor.revision.map(|revision| revision.0),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Subscription {
    id: u64,
    subscriber: String,
    pattern: String,
    /// `null` if every instance has a place of its own.
    lag: Option<u64>,
    at_least: bool,
    lag_seconds: f64,
    oldest: Option<String>,
    lapsed: Option<u64>,
    /// Whether the program has the subscriber.
    pub(super) known: bool,
}

impl Subscription {
    pub(super) fn new(lag: Lag, known: bool) -> Self {
        let Lag { subscription, events, is_at_least, oldest, age } = lag;
        Self {
            id: subscription.id.0,
            subscriber: subscription.subscriber,
            pattern: subscription.pattern,
            lag: events,
            at_least: is_at_least,
            lag_seconds: age.as_secs_f64(),
            oldest: oldest.map(time),
            lapsed: subscription.lapsed.map(|position| position.0),
            known,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Scheduled {
    pub(super) id: u64,
    /// `null` for what is due at once.
    due: Option<String>,
    target: String,
    action: String,
    attempts: u32,
    caller: Option<String>,
    metadata: BTreeMap<String, String>,
    payload: Shown,
}

impl From<CallRow> for Scheduled {
    fn from(CallRow { id, attempts, call }: CallRow) -> Self {
        Self {
            id: id.0,
            due: call.due_at().map(time_of),
            target: call.target.to_string(),
            attempts,
            caller: call.caller.as_ref().map(ToString::to_string),
            metadata: metadata(&call.metadata),
            payload: Shown::new(&call.payload.type_name, &call.payload.bytes, IN_LIST),
            action: call.action,
        }
    }
}

fn metadata(metadata: &Metadata) -> BTreeMap<String, String> {
    metadata.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[derive(Debug, Serialize)]
pub(super) struct Letter {
    pub(super) id: u64,
    subscriber: String,
    error: String,
    attempts: u32,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Published>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<Called>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<Missed>,
}

/// A call that was given up.
#[derive(Debug, Serialize)]
struct Called {
    action: String,
    caller: Option<String>,
    payload: Shown,
}

/// Events that were gone before the subscriber had them.
#[derive(Debug, Serialize)]
struct Missed {
    after: u64,
    up_to: u64,
}

impl From<DeadLetter> for Letter {
    fn from(letter: DeadLetter) -> Self {
        Self {
            id: letter.id().0,
            subscriber: letter.subscriber().to_owned(),
            error: letter.error().to_owned(),
            attempts: letter.attempts(),
            at: time(letter.at()),
            event: letter.event().map(Published::from),
            call: letter.call().map(|call| Called {
                action: call.action.clone(),
                caller: call.caller.as_ref().map(ToString::to_string),
                payload: Shown::new(&call.payload.type_name, &call.payload.bytes, IN_LIST),
            }),
            missed: letter.missed().map(|(after, up_to)| Missed { after: after.0, up_to: up_to.0 }),
        }
    }
}

/// An event.
#[derive(Debug, Serialize)]
pub(super) struct Published {
    pub(super) position: u64,
    id: String,
    channel: String,
    publisher: Option<String>,
    at: String,
    metadata: BTreeMap<String, String>,
    payload: Shown,
}

impl From<Event> for Published {
    fn from(event: Event) -> Self {
        let bytes = event.payload().to_bytes().unwrap_or_default();
        Self {
            position: event.position().0,
            id: event.id().to_string(),
            channel: event.channel().to_string(),
            publisher: event.publisher().map(ToString::to_string),
            at: time(event.published_at()),
            metadata: metadata(event.metadata()),
            payload: Shown::new(&event.type_name().to_string(), &bytes, IN_LIST),
        }
    }
}
