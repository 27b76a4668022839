//! A page that shows what happens, as it happens: `cargo run --example live_dashboard [-- PORT]`.
//!
//! Serves `http://127.0.0.1:3000`, or the port that is given as the argument or as the environment variable `PORT`; 0 is one that is free.
//! What happened is saved in `./spawn-data/live_dashboard`: kill it and run it again, and the page goes on where it was.

#![expect(unreachable_pub, reason = "the modules of a program")]

mod events;
mod feed;
mod http;
mod live;
mod notification_service;
mod order_processor;
mod user_manager;

use std::fmt;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

use spawn::{ChannelOptions, System};
use tokio::net::TcpListener;

const USAGE: &str = "live_dashboard [PORT]";
const PORT: u16 = 3000;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().or_else(|| std::env::var("PORT").ok());
    let port = match port.map_or(Ok(PORT), |port| port.parse()) {
        Ok(port) if arguments.next().is_none() => port,
        _ => {
            complain(format_args!("live_dashboard: usage: {USAGE}"));
            return ExitCode::from(2);
        }
    };
    match run(port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(format_args!("live_dashboard: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Why the program ends before it is interrupted.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the port {0}: {1}")]
    Port(u16, #[source] io::Error),
    #[error("the page cannot be served: {0}")]
    Page(#[from] io::Error),
    #[error("{0:?}")]
    System(#[from] spawn::Error),
}

// ANCHOR: start
async fn run(port: u16) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| Failure::Port(port, error))?;
    let system = System::builder("live_dashboard")
        // That there is something new is of no use to anybody who is not there.
        .channel(feed::NEWS, ChannelOptions::transient())
        .start()
        .await?;
    // If nobody reads where the page is, there is nobody to tell.
    let _closed = writeln!(io::stdout(), "http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, http::router(&system)) => served?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(system.shutdown().await?)
}
// ANCHOR_END: start

fn complain(text: fmt::Arguments<'_>) {
    // If nobody reads what goes wrong, there is nobody to tell.
    let _closed = writeln!(io::stderr(), "{text}");
}
