//! Systems for tests: in memory, started in microseconds, as many at once as there are tests.
//!
//! Needs the cargo feature `testing`, in `[dev-dependencies]`:
//!
//! ```toml
//! spawn = { version = "0.1", features = ["testing"] }
//! ```
//!
//! # Examples
//!
//! ```
//! use spawn::prelude::*;
//! use spawn::testing::TestSystem;
//!
//! # #[message(name = "testing.OrderCreated")] pub struct OrderCreated { pub order_id: String }
//! # #[message(name = "testing.Shop")] pub struct Shop { orders: i64 }
//! # #[actor] impl Shop {
//! #     #[action] fn create_order(&mut self, order_id: String) -> Value<()> {
//! #         Value::of().broadcast(Broadcast::to("order.events", OrderCreated { order_id }))
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
//! let system = TestSystem::with(|builder| builder.only::<(Shop,)>()).await?;
//! let mut events = system.probe("order.*")?;
//!
//! system.actor::<Shop>().create_order("ord-1".to_owned()).await?;
//!
//! let event: OrderCreated = events.expect().await;
//! assert_eq!(event.order_id, "ord-1");
//! events.expect_none().await;
//! # Ok(()) }
//! ```
//!
//! # Time
//!
//! Under `#[tokio::test(start_paused = true)]` time does not pass by itself: whenever nothing is left to do, it jumps to the next
//! timer. A timer of 30 seconds takes no real time then, nor does a probe that expects nothing. [`TestSystem::advance`] moves
//! time forward by hand.

pub mod conformance;
mod probe;

use std::fmt;
use std::ops::Deref;
use std::time::{Duration, SystemTime};

pub use self::probe::Probe;
use crate::clock;
use crate::error::Result;
use crate::system::{System, SystemBuilder};

/// Sets the calendar: what each system reads that this thread starts from now on. One that runs reads none.
///
/// For tests of what becomes of schedules, retries, retention and answers when the clock of a machine jumps between two runs.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// // As if the machine had been off for an hour.
/// spawn::testing::set_calendar(SystemTime::now() + Duration::from_secs(3_600));
/// ```
pub fn set_calendar(at: SystemTime) {
    clock::set::set(at);
}

/// A system in memory. It derefs to [`System`], and ends when it is dropped.
pub struct TestSystem(System);

impl TestSystem {
    /// Starts a system with all actors of the program.
    ///
    /// # Errors
    /// As for [`SystemBuilder::start`].
    pub async fn start() -> Result<Self> {
        Self::with(|builder| builder).await
    }

    /// Starts a system that `build` puts together.
    ///
    /// # Errors
    /// As for [`SystemBuilder::start`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # use spawn::testing::TestSystem;
    /// # #[message(name = "testing.Stall")] pub struct Stall { orders: i64 }
    /// # #[actor] impl Stall { #[action] fn orders(&self) -> i64 { self.orders } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// let system = TestSystem::with(|builder| builder.only::<(Stall,)>()).await?;
    /// # Ok(()) }
    /// ```
    pub async fn with(build: impl FnOnce(SystemBuilder) -> SystemBuilder) -> Result<Self> {
        build(System::builder("test").in_memory()).start().await.map(Self)
    }

    /// Listens to the channels of a pattern, from now on.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName) if the pattern is not well formed.
    pub fn probe(&self, pattern: impl Into<std::borrow::Cow<'static, str>>) -> Result<Probe> {
        Ok(Probe::new(self.0.clone(), self.subscribe(pattern)?))
    }

    /// Resolves when no message is in flight: no actor runs or has a call or an event waiting, and no external subscriber works.
    ///
    /// A call whose future was not polled yet is not in flight; neither is an event that nobody took from a stream. While an action
    /// waits for something that does not happen, this does not resolve.
    pub async fn settle(&self) {
        self.0.settled().await;
    }

    /// Moves paused time forward, and lets everything happen that is due by then.
    ///
    /// # Panics
    /// If time is not paused.
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use spawn::prelude::*;
    /// # use spawn::testing::TestSystem;
    /// # #[derive(Default)] pub struct Pulse { beats: i64 }
    /// #[actor(stateful = false, name = "doc_pulse", deactivate_timeout = "1h")]
    /// impl Pulse {
    ///     #[action(timer = "30s")]
    ///     fn beat(&mut self) {
    ///         self.beats += 1;
    ///     }
    ///
    ///     #[action]
    ///     fn beats(&self) -> i64 {
    ///         self.beats
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> spawn::Result<()> {
    /// let system = TestSystem::with(|builder| builder.only::<(Pulse,)>()).await?;
    /// system.advance(Duration::from_secs(31)).await;
    /// assert_eq!(system.actor::<Pulse>().beats().await?, 1);
    /// # Ok(()) }
    /// ```
    pub async fn advance(&self, duration: Duration) {
        tokio::time::advance(duration).await;
        // Whoever's timer it was has its turn before it is looked at who is busy.
        tokio::task::yield_now().await;
        self.settle().await;
    }
}

/// A test's view of a system that was put together by hand, on a store of its own for instance.
impl From<System> for TestSystem {
    fn from(system: System) -> Self {
        Self(system)
    }
}

impl Deref for TestSystem {
    type Target = System;

    fn deref(&self) -> &System {
        &self.0
    }
}

impl fmt::Debug for TestSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
