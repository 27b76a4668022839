//! A call as a link of a chain.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::{Call, CallOptions, Deadline, Stage, polled_again};
use crate::actor::Actor;
use crate::client::Origin;
use crate::dispatch::Input;
use crate::error::{Error, Result};
use crate::parcel::Parcel;
use crate::runtime::{Answer, AnyLink, Link};

/// A call as a link of a chain, or why it cannot be made.
struct ToLink<A: Actor>(Result<Call<A, Input, Parcel>, Option<Error>>);

pub(crate) fn link<A: Actor>(call: Result<Call<A, Input, Parcel>>) -> Link {
    Box::pin(ToLink(call.map_err(Some)))
}

impl<A: Actor> Future for ToLink<A> {
    type Output = Result<Answer<Parcel>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Ok(call) => call.poll_answer(cx),
            Err(error) => Poll::Ready(Err(error.take().unwrap_or_else(polled_again))),
        }
    }
}

impl<A: Actor> AnyLink for ToLink<A> {
    fn abandon(self: Pin<Box<Self>>) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send>>> {
        let Ok(mut call) = Pin::into_inner(self).0 else { return None };
        call.stop_waiting();
        let stage = match std::mem::replace(&mut call.stage, Stage::Done) {
            Stage::New { target, payload, origin } => {
                Stage::New { target, payload, origin: origin.map(unawaited) }
            }
            Stage::Full(mut full) => {
                full.request.origin = full.request.origin.map(unawaited);
                full.room = Some(full.cell.wait_for_room());
                full.wait = None;
                Stage::Full(full)
            }
            Stage::Asked { .. } | Stage::Onward(_) | Stage::Done => return None,
        };
        let options = CallOptions { timeout: None, ..call.options.clone() };
        Some(Box::pin(
            Call { handler: call.handler, options, stage, deadline: Deadline::Unset }.cast(),
        ))
    }
}

/// The same for a call whose response nobody waits for.
fn unawaited(mut origin: Arc<Origin>) -> Arc<Origin> {
    if let Some(origin) = Arc::get_mut(&mut origin) {
        origin.stop_waiting();
    }
    origin
}
