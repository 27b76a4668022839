//! One run of an action that somebody watches: its span, and the time that it takes.

use std::sync::OnceLock;
use std::time::Instant;

use tracing::{Span, field};

use super::{ActorMeters, is_traced};
use crate::actor::ActorId;
use crate::error::{Error, ErrorKind};
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
    /// Whether the span is entered, on the thread that has the run.
    is_entered: bool,
    /// There if somebody records.
    began: Option<Instant>,
    /// There if the run has failed.
    failed: OnceLock<ErrorKind>,
}

impl Watch {
    /// The run begins, in its span until the watch is [paused](Self::pause) or dropped. What travels on from it says in `metadata` that
    /// it comes of this run, if spans are exported.
    #[cold]
    #[inline(never)]
    pub(crate) fn begin(
        run: &Run<'_>,
        metadata: &mut Metadata,
        meters: Option<&ActorMeters>,
    ) -> Self {
        let span = if is_traced() { span_of(run, metadata) } else { Span::none() };
        if let (Some(meters), Source::Event(..)) = (meters, run.source) {
            meters.events.deliveries.increment(1);
        }
        span.with_subscriber(|(id, subscriber)| subscriber.enter(id));
        let began = meters.map(|_| Instant::now());
        Self { span, is_entered: true, began, failed: OnceLock::new() }
    }

    /// The run waits.
    pub(crate) fn pause(&mut self) {
        if std::mem::take(&mut self.is_entered) {
            self.span.with_subscriber(|(id, subscriber)| subscriber.exit(id));
        }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// The run has failed.
    pub(crate) fn fail(&self, error: &Error) {
        let _only_once = self.failed.set(error.kind());
        #[cfg(feature = "otel")]
        super::trace_context::failed(&self.span, error);
    }

    /// The run has ended; `revision` is that of the state that it leaves, if it has one.
    pub(crate) fn end(
        &self,
        action: &'static str,
        revision: Option<u64>,
        meters: Option<&ActorMeters>,
    ) {
        self.span.record("revision", revision);
        if let (Some(began), Some(meters)) = (self.began, meters) {
            meters.ended(action, self.failed.get().copied(), began.elapsed());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.pause();
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
    let _ = metadata;
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
    if error.kind() == ErrorKind::Panic {
        tracing::warn!(target: "spawn", actor, id, action, channel, attempt, ?error, "an action panicked");
    } else {
        tracing::warn!(target: "spawn", actor, id, action, channel, attempt, ?error, "an action failed");
    }
}
