//! What a running system tells: spans and warnings through `tracing`, numbers through `metrics`.
//!
//! While nobody listens, a call costs the look at one level and one flag ([`is_traced`], `Env::is_plain`); everything else is behind
//! them, in functions that are never inlined. Whoever does not listen when the system starts gets no numbers from it.
//!
//! | part | owns |
//! | --- | --- |
//! | [`names`] | every metric: its name, its labels, what it says |
//! | [`meters`] | the handles of a system and of its actors, registered once, when the system starts |
//! | [`sample`] | what is looked at every few seconds: mailboxes, lags, the store |
//! | [`watch`] | one run of an action that somebody watches: its span, and the time that it takes |
//! | [`trace_context`] | the W3C trace context that travels in the metadata (feature `otel`) |

mod meters;
mod names;
pub(crate) mod sample;
#[cfg(feature = "otel")]
mod trace_context;
mod watch;

use tracing::Level;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

pub(crate) use self::meters::{ActorMeters, Meters};
pub(crate) use self::watch::{Run, Watch, receiving, warn_of};
use crate::client::Origin;
use crate::metadata::Metadata;

/// Whether somebody wants the spans of actions.
#[inline]
pub(crate) fn is_traced() -> bool {
    Level::DEBUG <= STATIC_MAX_LEVEL && Level::DEBUG <= LevelFilter::current() && wants_spans()
}

/// Lets `metadata` tell of the span in which a call is made or an event is published, if spans are exported. `origin` is there if an action does
/// that.
#[inline]
pub(crate) fn carry(metadata: &mut Metadata, origin: Option<&Origin>) {
    #[cfg(feature = "otel")]
    if is_traced() {
        trace_context::carry(metadata, origin);
    }
    #[cfg(not(feature = "otel"))]
    let _ = (metadata, origin);
}

/// Asks the subscriber, which may want as much of others only.
#[cold]
#[inline(never)]
fn wants_spans() -> bool {
    tracing::enabled!(target: "spawn", Level::DEBUG)
}
