//! The end of a system that a person, or whoever runs the program, asks for.

use std::io;
use std::pin::pin;

use futures_util::future::{self, Either};

use super::System;
use super::shutdown::Shutdown;
use crate::error::{Error, ErrorKind, Result};

impl System {
    /// Runs until the process is asked to end, by ctrl-c or SIGTERM, and then [shuts down](System::shutdown_within) within the time that
    /// [`SystemBuilder::shutdown_timeout`](crate::SystemBuilder::shutdown_timeout) says. It also ends if somebody else shuts the system down.
    ///
    /// From its first poll on, the first of these signals does not end the process by itself any more; a second one ends it at once, with
    /// the exit code 128 and the number of the signal, whatever the program is doing. What was acknowledged is saved all the same.
    ///
    /// # Errors
    /// As for [`System::shutdown`], and [`ErrorKind::Definition`] if the operating system does not let the process have its signals.
    ///
    /// # Cancel safety
    /// Dropped before a signal came, it leaves the system running, and the first signal without an effect.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Shop;
    /// # #[actor(stateful = false, name = "doc_shop")] impl Shop { #[action] fn done(&self) {} }
    /// #[tokio::main]
    /// async fn main() -> spawn::Result<()> {
    ///     let system = System::builder("shop").start().await?;
    ///     let report = system.run_until_signal().await?;
    ///     println!("{report}");
    ///     Ok(())
    /// }
    /// ```
    pub async fn run_until_signal(self) -> Result<Shutdown> {
        let env = &self.core()?.env;
        let asked = Asked::new().map_err(|cause| {
            let message = "the signals that end the process cannot be waited for";
            Error::new(ErrorKind::Definition, message).caused_by(cause)
        })?;
        let ended = env.ended.notified();
        if env.is_closed() {
            return Ok(Self::nothing_left());
        }
        let timeout = env.shutdown_timeout;
        match future::select(pin!(asked.first()), pin!(ended)).await {
            Either::Left((signal, _)) => {
                tracing::info!(system = self.name(), signal, "the process is asked to end");
            }
            Either::Right(_) => return Ok(Self::nothing_left()),
        }
        self.shutdown_within(timeout).await
    }
}

/// The signals that ask a process to end.
#[cfg(unix)]
struct Asked {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Asked {
    fn new() -> io::Result<Self> {
        use std::sync::Arc;

        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        use tokio::signal::unix::{SignalKind, signal};

        let asked = Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        };
        let was_asked = Arc::default();
        for signal in [SIGINT, SIGTERM] {
            // In the handler itself, and in this order: the first signal finds that none was there before it. A runtime that hangs
            // does not hold the second one up.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&was_asked))?;
            flag::register(signal, Arc::clone(&was_asked))?;
        }
        Ok(asked)
    }

    /// The name of the first that comes.
    async fn first(mut self) -> &'static str {
        let (interrupt, terminate) = (self.interrupt.recv(), self.terminate.recv());
        match future::select(pin!(interrupt), pin!(terminate)).await {
            Either::Left(_) => "SIGINT",
            Either::Right(_) => "SIGTERM",
        }
    }
}

#[cfg(not(unix))]
struct Asked;

#[cfg(not(unix))]
impl Asked {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn first(self) -> &'static str {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "ctrl-c cannot be waited for");
            std::future::pending::<()>().await;
        }
        "ctrl-c"
    }
}
