//! The W3C trace context (`traceparent`, `tracestate`): it travels in the metadata, and so is stored with what is stored.

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::client::Origin;
use crate::error::Error;
use crate::metadata::Metadata;

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";

impl Extractor for Metadata {
    fn get(&self, key: &str) -> Option<&str> {
        self.get(key)
    }

    fn keys(&self) -> Vec<&str> {
        self.iter().map(|(key, _)| key).collect()
    }
}

impl Injector for Metadata {
    fn set(&mut self, key: &str, value: String) {
        // A state without entries is none.
        if key != STATE || !value.is_empty() {
            self.insert(key, value);
        }
    }
}

/// Makes the span a part of the trace that `metadata` tells of, and lets `metadata` tell of the span from here on.
pub(super) fn join(span: &Span, metadata: &mut Metadata) {
    let propagator = TraceContextPropagator::new();
    let parent = propagator.extract(metadata);
    if parent.span().span_context().is_valid() {
        // Nobody exports spans, and then nobody misses it.
        let _no_layer = span.set_parent(parent);
    }
    let own = span.context();
    if own.span().span_context().is_valid() {
        propagator.inject_context(&own, metadata);
    }
}

/// Lets `metadata` tell of the span in which a call is made, or an event published: outside of an action, or inside of the one that `origin` tells of. What was
/// put there by hand stays.
pub(super) fn carry(metadata: &mut Metadata, origin: Option<&Origin>) {
    let inherited = match origin {
        // A link of a chain, or a call that was stored, has the context of the action that it comes of.
        Some(Origin { run: None, .. }) => return,
        Some(origin) => origin.metadata.get(PARENT),
        None => None,
    };
    if metadata.get(PARENT) != inherited {
        return;
    }
    let current = Span::current().context();
    if current.span().span_context().is_valid() {
        TraceContextPropagator::new().inject_context(&current, metadata);
    }
}

/// The span shows that it failed, and with what.
pub(super) fn failed(span: &Span, error: &Error) {
    span.set_status(Status::error(format!("{error:?}")));
}
