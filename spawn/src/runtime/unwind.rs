//! Panics of actions, as values.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The message of a panic.
pub(crate) struct Panic(pub(crate) String);

impl Panic {
    #[cold]
    fn from_payload(payload: &(dyn Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&'static str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self(message.unwrap_or("a value that is not text").to_owned())
    }
}

/// Calls `f`. What it had borrowed may be in any state after a panic; the caller undoes or drops it.
#[inline]
pub(crate) fn catch<T>(f: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| Panic::from_payload(&*payload))
}

/// A future that ends with the panic of the one in it.
#[derive(Debug)]
pub(crate) struct Catch<F>(pub(crate) F);

impl<F: Future + Unpin> Future for Catch<F> {
    type Output = Result<F::Output, Panic>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch(|| Pin::new(&mut self.0).poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}
