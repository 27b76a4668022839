//! Counts what happens.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

/// The figures, for whoever shows them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<Mutex<BTreeMap<String, u64>>>);

impl Metrics {
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().clone()
    }
}

// ANCHOR: metrics
/// Counts events by channel and type, without decoding one.
pub(crate) struct MetricsCollector {
    metrics: Metrics,
}

impl MetricsCollector {
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self { metrics }
    }
}

impl Subscriber for MetricsCollector {
    fn channels(&self) -> Vec<String> {
        vec!["order.>".to_owned(), "shop.>".to_owned()]
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let what = format!("{} {}", event.channel(), event.type_name());
        *self.metrics.0.lock().entry(what).or_default() += 1;
        Ok(())
    }
}
// ANCHOR_END: metrics
