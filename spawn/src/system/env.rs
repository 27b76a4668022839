//! What the actors of a system share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::resources::Resources;
use super::saved::Saved;
use crate::actor::ActorId;
use crate::channel::registry::Channels;
use crate::error::Result;
use crate::flow::Broadcast;
use crate::metadata::Metadata;
use crate::stream::EventQueue;

/// What every actor of a system can reach.
pub(crate) struct Env {
    pub(crate) name: String,
    pub(crate) handle: Handle,
    pub(crate) channels: Channels,
    pub(crate) resources: Resources,
    pub(crate) saved: Saved,
    /// The queues of the external subscribers.
    pub(crate) externals: Mutex<Vec<Arc<EventQueue>>>,
    stopping: AtomicBool,
}

impl Env {
    pub(crate) fn new(name: String, handle: Handle, resources: Resources) -> Self {
        Self {
            name,
            handle,
            channels: Channels::new(),
            resources,
            saved: Saved::default(),
            externals: Mutex::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Publishes all events of `broadcast`, or none if one of its channels is not well formed.
    pub(crate) fn publish(
        &self,
        broadcast: Broadcast,
        publisher: Option<&ActorId>,
        metadata: &Metadata,
    ) -> Result<()> {
        for (channel, payload) in broadcast.into_events()? {
            self.channels.publish(&self.handle, &channel, payload, publisher, metadata);
        }
        Ok(())
    }

    /// Whether calls from outside are refused.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Refuses calls from outside; `true` if nobody did before.
    pub(crate) fn stop(&self) -> bool {
        !self.stopping.swap(true, Ordering::AcqRel)
    }
}
