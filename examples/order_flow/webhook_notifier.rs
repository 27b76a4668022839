//! Tells a system outside of this one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

/// The other end; this one counts how often it was called.
#[derive(Debug, Default)]
pub struct Hook(AtomicU64);

impl Hook {
    pub fn called(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct WebhookNotifier {
    hook: Arc<Hook>,
}

impl WebhookNotifier {
    pub fn new(hook: Arc<Hook>) -> Self {
        Self { hook }
    }
}

impl Subscriber for WebhookNotifier {
    fn channels(&self) -> Vec<String> {
        vec!["order.*".to_owned(), "inventory.low".to_owned()]
    }

    /// With a name it goes on where it was when the program was interrupted.
    fn name(&self) -> Option<String> {
        Some("webhook_notifier".to_owned())
    }

    async fn receive(&mut self, _event: Event) -> Result<(), BoxError> {
        self.hook.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
