//! Whether an action is what runs on this thread: some things cannot be waited for from inside of one.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

use tracing::Span;

use crate::system::Env;

thread_local! {
    /// The address of the `Env` of the system whose action is polled; zero outside of one.
    static SYSTEM: Cell<usize> = const { Cell::new(0) };
}

/// An action, or an external subscriber, is polled until this is dropped.
#[derive(Debug)]
pub(crate) struct Inside {
    before: usize,
}

impl Inside {
    pub(crate) fn enter(env: &Arc<Env>) -> Self {
        Self { before: SYSTEM.replace(address(env)) }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        SYSTEM.set(self.before);
    }
}

fn address(env: &Arc<Env>) -> usize {
    Arc::as_ptr(env).addr()
}

/// Whether an action of the system is what asks.
pub(crate) fn is_inside(env: &Arc<Env>) -> bool {
    SYSTEM.get() == address(env)
}

/// Polls `future` as a part of the system, and of the span if there is one.
pub(crate) async fn inside<F: Future + Unpin>(
    env: &Arc<Env>,
    span: Option<&Span>,
    mut future: F,
) -> F::Output {
    std::future::poll_fn(|cx| {
        let _entered = span.map(Span::enter);
        let _inside = Inside::enter(env);
        Pin::new(&mut future).poll(cx)
    })
    .await
}
