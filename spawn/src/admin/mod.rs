//! A page and an API that show a running system: its health, its actors and their states, how far its subscribers are, what waits, and
//! what was given up, which can be replayed.
//!
//! ```no_run
//! # use spawn::prelude::*;
//! # async fn example(system: System) -> Result<(), Box<dyn std::error::Error>> {
//! let admin = system.admin().serve().await?; // on the loopback address, and so for this machine alone
//! println!("http://{}", admin.address());
//! # Ok(()) }
//! ```
//!
//! [`router`] is the same for a program that serves HTTP already: `app.nest("/admin", spawn::admin::router(&system))`.
//!
//! # What is there
//!
//! | path | what |
//! | --- | --- |
//! | `/` | the page |
//! | `/live` | 200 while the process runs |
//! | `/ready` | 200 if the system accepts calls and its last commit reached the disk, or else 503 |
//! | `/metrics` | the metrics of the program as Prometheus reads them, if they were given to `Admin::metrics` (feature `prometheus`) |
//! | `/api/overview` | health, active actors, subscriptions, schedules, dead letters, a page of each |
//! | `/api/definitions`, `/api/topology` | what the program defines; who listens to what, also as a Mermaid flowchart |
//! | `/api/actors/active?after=&limit=` | the actors in memory |
//! | `/api/actors/stored?name=&search=&after=&limit=` | the durable actors that were saved |
//! | `/api/actors/history?id=` | the revisions of an actor that are kept |
//! | `/api/actors/state?id=&revision=` | its state, the newest or that of a revision |
//! | `/api/subscriptions` | the durable subscriptions and their lag |
//! | `/api/schedules?after=&limit=` | effects and calls that wait, `due` at a time or, where that is `null`, at once; `POST /api/schedules/{id}/cancel` |
//! | `/api/dead-letters?after=&limit=` | what was given up; `POST /api/dead-letters/{id}/replay`, `../discard` |
//! | `/api/log?channel=&before=&after=&limit=` | the events of a channel or pattern, the newest first |
//!
//! Pages have 50 entries, or `limit`, at most 500; `next` is what the following one begins after, and is `null` at the end. A failure is
//! `{"error": {"code", "message"}}` under a status that fits.
//!
//! # Messages
//!
//! Messages of [`#[message]`](macro@crate::message) are shown as JSON, as protobuf maps them (64-bit numbers and bytes are strings),
//! with the fields called as they are in Rust and a oneof as an object of one variant. [`Json`](crate::Json) is what it is. Of others,
//! the name, the size and the first bytes are shown.
//!
//! # Security
//!
//! Without a [token](Admin::token) the server binds to loopback addresses alone, and every request has to name this machine in its `Host` (or a
//! [host](Admin::host) that is allowed), so that no page of another site gets at it by a name that leads here; what changes something has to come
//! from the same origin. With a token, every request for data carries it as `Authorization: Bearer`; `/live`, `/ready` and the page's own
//! files, which say nothing of the system, do not need it. The page asks for it, and forgets it with the tab.
//!
//! Whatever changes something is logged by `tracing` under the target `spawn::admin`: what, who, and what came of it.

mod api;
mod failure;
mod guard;
mod page;
mod payload;
mod serve;
mod view;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};

use axum::Router;
use axum::middleware::from_fn_with_state;

use self::guard::Guard;
pub use self::serve::{AdminError, AdminServer};
use crate::system::{Core, System};

/// Where it is served unless said otherwise.
const ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9640);

/// The admin page and API of a system, to be nested in a program's own router. Requests have to name this machine in their `Host`; for
/// another one, or with a token, see [`System::admin`].
///
/// It does not keep the system alive: when that has stopped, the answers are 503.
///
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # #[derive(Default)] pub struct Desk;
/// # #[actor(stateful = false, name = "doc_desk")] impl Desk { #[action] fn done(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("doc").in_memory().only::<(Desk,)>().start().await?;
/// let app: axum::Router = axum::Router::new().nest("/admin", spawn::admin::router(&system));
/// # Ok(()) }
/// ```
pub fn router(system: &System) -> Router {
    system.admin().router()
}

impl System {
    /// The admin page and API of this system: to be [served](Admin::serve), or [nested](Admin::router).
    pub fn admin(&self) -> Admin {
        Admin {
            address: ADDRESS,
            token: None,
            hosts: Vec::new(),
            system: Handle {
                name: self.name().into(),
                core: self.core().map(Arc::downgrade).unwrap_or_default(),
            },
            #[cfg(feature = "prometheus")]
            metrics: None,
        }
    }
}

/// The admin page and API of a system, on their way to be served; from [`System::admin`].
#[must_use = "nothing is served before `serve` or `router`"]
pub struct Admin {
    address: SocketAddr,
    token: Option<String>,
    hosts: Vec<String>,
    system: Handle,
    #[cfg(feature = "prometheus")]
    metrics: Option<crate::prometheus::Metrics>,
}

/// A system that is not kept alive.
#[derive(Clone)]
struct Handle {
    name: Arc<str>,
    core: Weak<Core>,
}

impl Handle {
    fn system(&self) -> System {
        System::from_core(self.core.upgrade())
    }
}

impl Admin {
    /// Where [`serve`](Admin::serve) listens; `127.0.0.1:9640` without it. The port 0 is one that is free. An address that is not a
    /// loopback address needs a [token](Admin::token).
    pub fn bind(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// What every request for data has to carry, as `Authorization: Bearer <token>`: some 32 random characters, from a file or the
    /// environment. It is sent as it is: put TLS in front of what leaves the machine.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Allows a host that requests name, without a port, beside those of this machine; for a proxy in front of it. With a
    /// [token](Admin::token) it means nothing: any host is allowed then.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Gives out the metrics of the program at `/metrics`, to whoever may see the rest.
    #[cfg(feature = "prometheus")]
    pub fn metrics(mut self, metrics: crate::prometheus::Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// The page and the API as a router, to be nested anywhere.
    pub fn router(self) -> Router {
        let guard = Arc::new(Guard::new(self.token, self.hosts));
        let router = page::router().merge(api::router());
        #[cfg(feature = "prometheus")]
        let router = match self.metrics {
            Some(metrics) => router.route("/metrics", page::metrics(metrics)),
            None => router,
        };
        router
            .fallback(page::elsewhere)
            .method_not_allowed_fallback(failure::method)
            .with_state(self.system)
            .layer(from_fn_with_state(guard, guard::check))
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, token, hosts, system, .. } = self;
        f.debug_struct("Admin")
            .field("system", &system.name)
            .field("address", address)
            .field("hosts", hosts)
            .field("has_token", &token.is_some())
            .finish_non_exhaustive()
    }
}
