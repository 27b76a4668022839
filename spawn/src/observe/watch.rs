//! One run of an action that somebody watches: its span, and the time that it takes.

use std::time::Instant;

use tracing::{Span, field};

use super::{ActorMeters, is_traced};
use crate::actor::ActorId;
use crate::error::Error;
use crate::event::Event;
use crate::metadata::Metadata;
use crate::runtime::Source;

/// What is about to be run.
pub(crate) struct Run<'a> {
    pub(crate) actor: &'static str,
    pub(crate) id: &'a ActorId,
    pub(crate) action: &'static str,
    pub(crate) source: &'a Source,
}

/// A run that is watched.
pub(crate) struct Watch {
    span: Span,
    /// There if somebody records.
    began: Option<Instant>,
}

impl Watch {
    /// The run begins. What travels on from it says in `metadata` that it comes of this run, if spans are exported.
    #[cold]
    #[inline(never)]
    pub(crate) fn begin(
        run: &Run<'_>,
        metadata: &mut Metadata,
        meters: Option<&ActorMeters>,
    ) -> Box<Self> {
        let span = if is_traced() { span_of(run, metadata) } else { Span::none() };
        if let (Some(meters), Source::Event(..)) = (meters, run.source) {
            meters.events.deliveries.increment(1);
        }
        Box::new(Self { span, began: meters.map(|_| Instant::now()) })
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// The run has ended; `revision` is that of the state that it leaves, if it has one.
    #[cold]
    #[inline(never)]
    pub(crate) fn end(
        &self,
        action: &'static str,
        error: Option<&Error>,
        revision: Option<u64>,
        meters: Option<&ActorMeters>,
    ) {
        if let Some(revision) = revision {
            self.span.record("revision", revision);
        }
        #[cfg(feature = "otel")]
        if let Some(error) = error {
            super::trace_context::failed(&self.span, error);
        }
        if let (Some(began), Some(meters)) = (self.began, meters) {
            let outcome = error.map_or(Ok(()), |error| Err(error.kind()));
            meters.ended(action, outcome, began.elapsed());
        }
    }
}

/// `debug_span!`, with the name that a trace shows where traces are exported.
macro_rules! span {
    ($name:literal, $shown:expr, $($fields:tt)*) => {{
        #[cfg(feature = "otel")]
        let span = tracing::debug_span!(target: "spawn", $name, otel.name = $shown, $($fields)*);
        #[cfg(not(feature = "otel"))]
        let span = tracing::debug_span!(target: "spawn", $name, $($fields)*);
        span
    }};
}

fn span_of(run: &Run<'_>, metadata: &mut Metadata) -> Span {
    let Run { actor, id, action, source } = run;
    let span = span!(
        "action",
        format!("{actor}.{action}"),
        actor,
        id = id.instance(),
        action,
        channel = source.event().map(|event| field::display(event.channel())),
        attempt = source.attempt(),
        revision = field::Empty,
    );
    #[cfg(feature = "otel")]
    super::trace_context::join(&span, metadata);
    #[cfg(not(feature = "otel"))]
    let _as_it_is = metadata;
    span
}

/// The span of an external subscriber that gets an event.
pub(crate) fn receiving(subscriber: &str, event: &Event) -> Span {
    if !is_traced() {
        return Span::none();
    }
    let span = span!(
        "receive",
        format!("{subscriber}.receive"),
        subscriber,
        channel = %event.channel(),
        attempt = event.attempt(),
    );
    #[cfg(feature = "otel")]
    super::trace_context::join(&span, &mut event.metadata().clone());
    span
}

/// Tells of an action that has failed, whoever is told beside.
#[cold]
#[inline(never)]
pub(crate) fn warn_of(error: &Error, run: &Run<'_>) {
    let Run { actor, id, action, source } = run;
    let (id, attempt) = (id.instance(), source.attempt());
    let channel = source.event().map(|event| field::display(event.channel()));
    if error.kind() == crate::ErrorKind::Panic {
        tracing::warn!(target: "spawn", actor, id, action, channel, attempt, ?error, "an action panicked");
    } else {
        tracing::warn!(target: "spawn", actor, id, action, channel, attempt, ?error, "an action failed");
    }
}
