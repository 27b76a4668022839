//! A shop whose system can be looked into: `cargo run --example admin [-- PORT]`, then the page at `/admin`.
//!
//! Serves `http://127.0.0.1:3000`, or the port that is given as the argument or as the environment variable `PORT`; 0 is one that is free.
//! With the environment variable `ADMIN_TOKEN`, the page asks for that token. The data is in `./spawn-data/shop`.
//!
//! ```sh
//! curl -d '{"sku":"teapot","quantity":2,"city":"Lyon"}' -H content-type:application/json http://127.0.0.1:3000/orders/a-1
//! curl -X POST http://127.0.0.1:3000/carrier/open # until then, orders become dead letters
//! ```

#![expect(unreachable_pub, reason = "the modules of a program")]

mod shop;

use std::fmt;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use spawn::System;
use tokio::net::TcpListener;

use self::shop::{Carrier, NewOrder, Order, Shipping, Warehouse};

const USAGE: &str = "admin [PORT]";
const PORT: u16 = 3000;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().or_else(|| std::env::var("PORT").ok());
    let port = match port.map_or(Ok(PORT), |port| port.parse()) {
        Ok(port) if arguments.next().is_none() => port,
        _ => {
            complain(format_args!("admin: usage: {USAGE}"));
            return ExitCode::from(2);
        }
    };
    match run(port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(format_args!("admin: {failure}"));
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

async fn run(port: u16) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| Failure::Port(port, error))?;
    let carrier = Arc::new(Carrier::default());
    let system = System::builder("shop")
        .resource(Arc::clone(&carrier))
        .external_subscriber(Warehouse)
        .start()
        .await?;
    // If nobody reads where the page is, there is nobody to tell.
    let _closed = writeln!(io::stdout(), "http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, router(&system, carrier)) => served?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(system.shutdown().await?)
}

// ANCHOR: nest
fn router(system: &System, carrier: Arc<Carrier>) -> Router {
    let mut admin = system.admin();
    if let Ok(token) = std::env::var("ADMIN_TOKEN") {
        admin = admin.token(token);
    }
    shop(system, carrier).nest("/admin", admin.router())
}
// ANCHOR_END: nest

fn shop(system: &System, carrier: Arc<Carrier>) -> Router {
    let carrier = Router::new().route("/carrier/{door}", post(door)).with_state(carrier);
    Router::new()
        .route("/orders/{id}", post(place))
        .route("/parcels", get(parcels))
        .with_state(system.clone())
        .merge(carrier)
}

async fn place(
    State(system): State<System>,
    Path(id): Path<String>,
    Json(order): Json<NewOrder>,
) -> Result<Json<String>, (StatusCode, String)> {
    let placed = system.actor_by_id::<Order>(&id).place(order).await;
    placed.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(Json(id))
}

async fn parcels(State(system): State<System>) -> Result<Json<i64>, (StatusCode, String)> {
    let parcels = system.actor::<Shipping>().parcels().await;
    parcels.map(Json).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn door(State(carrier): State<Arc<Carrier>>, Path(door): Path<String>) -> Json<bool> {
    let is_open = door == "open";
    carrier.0.store(is_open, Ordering::Relaxed);
    Json(is_open)
}

fn complain(text: fmt::Arguments<'_>) {
    // If nobody reads what goes wrong, there is nobody to tell.
    let _closed = writeln!(io::stderr(), "{text}");
}
