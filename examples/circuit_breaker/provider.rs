//! The partner: something that is up or down, and charges or not, as the example says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[derive(Clone, Debug, Default)]
pub(crate) struct Provider(Arc<Switches>);

#[derive(Debug, Default)]
struct Switches {
    is_down: AtomicBool,
    refuses: AtomicBool,
    asked: AtomicU64,
}

impl Provider {
    pub(crate) fn is_up(&self, is_up: bool) {
        self.0.is_down.store(!is_up, Ordering::Relaxed);
    }

    pub(crate) fn charges(&self, charges: bool) {
        self.0.refuses.store(!charges, Ordering::Relaxed);
    }

    /// How often it was asked to charge.
    pub(crate) fn asked(&self) -> u64 {
        self.0.asked.load(Ordering::Relaxed)
    }

    pub(crate) async fn ping(&self) -> bool {
        tokio::task::yield_now().await;
        !self.0.is_down.load(Ordering::Relaxed)
    }

    pub(crate) async fn charge(&self, cents: i64) -> Result<(), String> {
        tokio::task::yield_now().await;
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        if self.0.is_down.load(Ordering::Relaxed) || self.0.refuses.load(Ordering::Relaxed) {
            return Err(format!("the provider does not take {cents} cents"));
        }
        Ok(())
    }
}
