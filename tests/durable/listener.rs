//! A subscriber of `tracing` that remembers what it was told.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Fields, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    pub(crate) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

/// A span of `spawn`.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) name: &'static str,
    pub(crate) fields: Fields,
    pub(crate) is_closed: bool,
}

/// Something that was logged.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) level: Level,
    pub(crate) fields: Fields,
    /// The fields of the span that it was said in.
    pub(crate) span: Option<Fields>,
}

impl Line {
    pub(crate) fn message(&self) -> &str {
        self.fields.get("message").unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Told {
    spans: Vec<(Id, Span)>,
    lines: Vec<Line>,
}

/// Remembers, while the guard lives, what is told on this thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listener(Arc<Mutex<Told>>);

impl Listener {
    pub(crate) fn listen(level: LevelFilter) -> (Self, DefaultGuard) {
        spawn_tests::ask_all_subscribers();
        let listener = Self::default();
        let subscriber = tracing_subscriber::registry().with(level).with(listener.clone());
        (listener, tracing::subscriber::set_default(subscriber))
    }

    /// The spans of runs of `action`, in the order in which they began.
    pub(crate) fn spans_of(&self, action: &str) -> Vec<Span> {
        let told = self.0.lock().unwrap();
        let spans = told.spans.iter().map(|(_, span)| span);
        spans.filter(|span| span.fields.get("action") == Some(action)).cloned().collect()
    }

    pub(crate) fn spans(&self) -> Vec<Span> {
        self.0.lock().unwrap().spans.iter().map(|(_, span)| span.clone()).collect()
    }

    /// What was logged with this message.
    pub(crate) fn lines(&self, message: &str) -> Vec<Line> {
        let lines = self.0.lock().unwrap().lines.clone();
        lines.into_iter().filter(|line| line.message() == message).collect()
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Listener {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().target() == "spawn" {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            let span = Span { name: attributes.metadata().name(), fields, is_closed: false };
            self.0.lock().unwrap().spans.push((id.clone(), span));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some((_, span)) = self.0.lock().unwrap().spans.iter_mut().rfind(|(it, _)| it == id) {
            values.record(&mut span.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let id = context.event_span(event).map(|span| span.id());
        let mut told = self.0.lock().unwrap();
        let span = told.spans.iter().rfind(|(it, _)| Some(it) == id.as_ref());
        let span = span.map(|(_, span)| span.fields.clone());
        told.lines.push(Line { level: *event.metadata().level(), fields, span });
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        if let Some((_, span)) = self.0.lock().unwrap().spans.iter_mut().rfind(|(it, _)| *it == id)
        {
            span.is_closed = true;
        }
    }
}
