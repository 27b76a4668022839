//! Topics within the program: whoever is subscribed hears what is published, and nobody else ever does.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// How far a subscriber may fall behind before it misses something, which it is told.
const CAPACITY: usize = 256;

// ANCHOR: pubsub
#[derive(Clone, Debug, Default)]
pub(crate) struct PubSub(Arc<Mutex<HashMap<String, Sender<Value>>>>);

impl PubSub {
    pub(crate) fn subscribe(&self, topic: &str) -> Receiver<Value> {
        let mut topics = self.0.lock();
        topics.entry(topic.to_owned()).or_insert_with(|| channel(CAPACITY).0).subscribe()
    }

    /// Never waits, however slow the subscribers are.
    pub(crate) fn publish(&self, topic: &str, value: Value) {
        let mut topics = self.0.lock();
        // A topic without subscribers is forgotten.
        if topics.get(topic).is_some_and(|sender| sender.send(value).is_err()) {
            topics.remove(topic);
        }
    }
}
// ANCHOR_END: pubsub
