//! A call as a link of a chain.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{Call, polled_again};
use crate::actor::Actor;
use crate::dispatch::Input;
use crate::error::{Error, Result};
use crate::flow::Answered;
use crate::parcel::Parcel;
use crate::runtime::{AnyLink, Link, Next};

/// A call as a link of a chain, or why it cannot be made.
struct ToLink<A: Actor>(Result<Call<A, Input, Parcel>, Option<Error>>);

pub(crate) fn link<A: Actor>(call: Result<Call<A, Input, Parcel>>) -> Link {
    Box::pin(ToLink(call.map_err(Some)))
}

impl<A: Actor> Future for ToLink<A> {
    type Output = Result<Answered<Parcel, Next>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Ok(call) => match ready!(call.course.poll_answer(&mut call.job, None, cx)) {
                Ok(Answered::Here(())) => {
                    let response = call.job.take_response().ok_or_else(polled_again);
                    Poll::Ready(response.map(Answered::Here))
                }
                Ok(Answered::Onward(next)) => Poll::Ready(Ok(Answered::Onward(next))),
                Err(error) => Poll::Ready(Err(error)),
            },
            Err(error) => Poll::Ready(Err(error.take().unwrap_or_else(polled_again))),
        }
    }
}

impl<A: Actor> AnyLink for ToLink<A> {
    fn abandon(self: Pin<Box<Self>>) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send>>> {
        let Call { job, course } = Pin::into_inner(self).0.ok()?;
        Some(Box::pin(Call { job, course: course.abandon()? }.cast()))
    }
}
