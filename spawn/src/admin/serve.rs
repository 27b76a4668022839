//! The server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Admin, Handle};

/// How often the server looks whether its system is still there.
const LOOK: Duration = Duration::from_millis(250);

/// Why the admin page is not served.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// It would be reachable from other machines, and everybody there could change the system.
    #[error(
        "{0} can be reached from other machines; give the admin server a token with `.token(..)`, or bind it to a loopback address"
    )]
    TokenRequired(SocketAddr),
    /// The token cannot be sent in a header.
    #[error("the token of the admin server is {0}; take some 32 random letters and digits")]
    InvalidToken(&'static str),
    /// The address cannot be had.
    #[error("the admin server cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

/// A running server of the admin page; from [`Admin::serve`].
///
/// It ends with its system, or by [`stop`](AdminServer::stop). Dropping it ends nothing.
#[derive(Debug)]
pub struct AdminServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<io::Result<()>>,
}

impl Admin {
    /// Listens, and serves the page and the API in a task until the system has stopped.
    ///
    /// # Errors
    /// [`AdminError`] if the address needs a token, the token is none, or the address cannot be had.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// use std::net::Ipv4Addr;
    /// use spawn::admin::AdminError;
    ///
    /// # #[derive(Default)] pub struct Guide;
    /// # #[actor(stateful = false, name = "doc_guide")] impl Guide { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let system = System::builder("doc").in_memory().only::<(Guide,)>().start().await?;
    /// let server = system.admin().bind((Ipv4Addr::LOCALHOST, 0)).serve().await?;
    /// assert!(server.address().ip().is_loopback());
    /// server.stop().await;
    ///
    /// let everywhere = system.admin().bind((Ipv4Addr::UNSPECIFIED, 0)).serve().await;
    /// assert!(matches!(everywhere, Err(AdminError::TokenRequired(_))));
    /// # Ok(()) }
    /// ```
    pub async fn serve(self) -> Result<AdminServer, AdminError> {
        match &self.token {
            None if !self.address.ip().is_loopback() => {
                return Err(AdminError::TokenRequired(self.address));
            }
            Some(token) if token.is_empty() => return Err(AdminError::InvalidToken("empty")),
            Some(token) if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                return Err(AdminError::InvalidToken("more than visible ASCII characters"));
            }
            _ => {}
        }
        let requested = self.address;
        let failed = |cause| AdminError::Bind { address: requested, cause };
        let listener = TcpListener::bind(requested).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let system = self.system.clone();
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, service).with_graceful_shutdown(end(system, stopped));
        let task = tokio::spawn(served.into_future());
        tracing::info!(target: "spawn::admin", %address, "the admin page is served");
        Ok(AdminServer { address, stop, task })
    }
}

/// Resolves when the server is to end.
async fn end(system: Handle, mut stopped: watch::Receiver<bool>) {
    loop {
        // Whoever has dropped the server has not stopped it.
        let stop = async {
            if stopped.wait_for(|stop| *stop).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        if tokio::time::timeout(LOOK, stop).await.is_ok() {
            return;
        }
        if system.core.upgrade().is_none_or(|core| core.env.is_closed()) {
            return;
        }
    }
}

impl AdminServer {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server when the requests that it has are answered.
    pub async fn stop(self) {
        let _ended_before = self.stop.send(true);
        let _panicked = self.task.await;
    }
}
