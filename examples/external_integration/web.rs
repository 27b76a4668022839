//! Topics as server-sent events.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast::error::RecvError;

use crate::pubsub::PubSub;

// ANCHOR: sse
pub(crate) fn router(pubsub: PubSub) -> Router {
    Router::new().route("/topics/{topic}", get(topic)).with_state(pubsub)
}

/// The subscription stands before the response begins, so that a client misses nothing from then on.
async fn topic(
    State(pubsub): State<PubSub>,
    Path(topic): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let receiver = pubsub.subscribe(&topic);
    let events = unfold(receiver, async |mut receiver| {
        let event = match receiver.recv().await {
            Ok(value) => Event::default().data(value.to_string()),
            // Too slow: the page is told, and can load anew.
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("missed").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), receiver))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
// ANCHOR_END: sse
