//! Events for another part of the program.

use spawn::prelude::*;
use spawn::{BoxError, Subscriber};
use tokio::sync::mpsc::Sender;

// ANCHOR: bridge
/// Hands everything on. When the channel is full it waits, and only its own events wait with it.
pub(crate) struct EventBridge {
    events: Sender<String>,
}

impl EventBridge {
    pub(crate) fn new(events: Sender<String>) -> Self {
        Self { events }
    }
}

impl Subscriber for EventBridge {
    fn channels(&self) -> Vec<String> {
        vec![">".to_owned()]
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let line = format!("{} {:?}", event.channel(), event.payload());
        Ok(self.events.send(line).await?)
    }
}
// ANCHOR_END: bridge
