//! The metrics of the program, as Prometheus reads them.
//!
//! ```
//! use spawn::prelude::*;
//!
//! # #[derive(Default)] pub struct Measured;
//! # #[actor(stateful = false, name = "doc_measured")] impl Measured { #[action] fn work(&self) {} }
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), spawn::BoxError> {
//! // Before the systems are started: a system without a recorder measures nothing.
//! let metrics = spawn::prometheus::install()?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! println!("http://{}/metrics", listener.local_addr()?);
//! tokio::spawn(metrics.clone().serve(listener));
//!
//! let system = System::builder("doc").in_memory().only::<(Measured,)>().start().await?;
//! system.actor::<Measured>().work().await?;
//! assert!(metrics.render().contains("spawn_actions_total"));
//! # Ok(()) }
//! ```
//!
//! [`Metrics::render`] gives the text to whoever has a server already. A recorder of another kind is installed with the `metrics` crate,
//! and then this module is not needed.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

/// The recorder of the program. A clone is cheap, and is the same one.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

/// The recorder was not installed: the program has one already.
#[derive(Debug, thiserror::Error)]
#[error("the recorder of metrics could not be installed; install it once, and no other")]
pub struct InstallError {
    #[source]
    cause: BuildError,
}

/// What ends on `_seconds` is counted up to each of these.
const SECONDS: [f64; 18] = [
    1e-6, 1e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
    2.5, 5.0, 10.0,
];

/// What ends on `_size`, so too.
const SIZES: [f64; 13] =
    [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0];

/// How often what was recorded is added up, whether anybody asks or not: until then it is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs a recorder for the whole program, once. Systems that start later are measured.
///
/// # Errors
/// If the program has a recorder already.
///
/// # Panics
/// If the operating system gives it no thread, in which it adds up what was recorded.
pub fn install() -> Result<Metrics, InstallError> {
    let failed = |cause| InstallError { cause };
    let suffixed = |suffix: &str| Matcher::Suffix(suffix.to_owned());
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(suffixed("_seconds"), &SECONDS)
        .and_then(|it| it.set_buckets_for_metric(suffixed("_size"), &SIZES))
        .map_err(failed)?;
    let handle = builder.install_recorder().map_err(failed)?;
    let upkeep = handle.clone();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            upkeep.run_upkeep();
        }
    });
    Ok(Metrics(handle))
}

impl Metrics {
    /// All metrics of the program at this moment, in Prometheus' text format, whose content type is
    /// `text/plain; version=0.0.4`.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Answers `GET /metrics`, until it is dropped. Whoever can reach the listener reads everything, so that it has to be on a loopback
    /// address; a server that others reach, and that knows whom it lets in, gives out [`render`](Metrics::render) itself.
    ///
    /// # Errors
    /// If the listener is on another address.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            let message = format!(
                "{address} is not a loopback address; bind to 127.0.0.1, or give out `Metrics::render` from a server of your own"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let answer = async move || ([(CONTENT_TYPE, "text/plain; version=0.0.4")], self.render());
        axum::serve(listener, Router::new().route("/metrics", get(answer))).await
    }
}
