//! Looking into a running system: what waits, who is how far, what was published.

#[cfg(feature = "admin")]
mod active;
mod lag;
mod log;

#[cfg(feature = "admin")]
pub use self::active::ActiveActor;
#[cfg(feature = "admin")]
pub(crate) use self::active::ActivePage;
pub use self::lag::Lag;
pub use self::log::{Log, LogPage};
use crate::channel::Pattern;
use crate::error::Result;
use crate::store::{CallId, CallRow};
use crate::system::System;

impl System {
    /// The effects and the calls for a later time that wait, after the id `after` (`CallId::default()` for the first ones), at most
    /// `limit`, in the order of their ids. [`cancel`](System::cancel) takes one back.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if they cannot be read,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # use std::time::Duration;
    /// use spawn::store::CallId;
    ///
    /// # #[derive(Default)] pub struct Alarm;
    /// #[actor(stateful = false, name = "doc_alarm")]
    /// impl Alarm {
    ///     #[action]
    ///     fn ring(&self) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Alarm,)>().start().await?;
    /// system.actor::<Alarm>().ring().delay(Duration::from_secs(60)).await?;
    /// let waiting = system.scheduled_calls(CallId::default(), 100).await?;
    /// assert_eq!(waiting[0].call.target.as_str(), "doc_alarm");
    /// assert!(system.cancel(waiting[0].id).await?);
    /// # Ok(()) }
    /// ```
    pub async fn scheduled_calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>> {
        self.core()?.env.read(move |store| store.calls(after, limit)).await
    }

    /// How far the durable subscriptions are behind what was published, in the order of their ids.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if that cannot be read,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Reporter;
    /// #[actor(stateful = false, name = "doc_reporter", channels = [("doc.sales", report)])]
    /// impl Reporter {
    ///     #[action]
    ///     fn report(&self, _cents: i64) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Reporter,)>().start().await?;
    /// system.broadcast(Broadcast::to("doc.sales", 990_i64)).await?;
    /// system.settled().await;
    /// let lags = system.lags().await?;
    /// assert_eq!(lags[0].subscription.subscriber, "doc_reporter");
    /// assert_eq!(lags[0].events, Some(0));
    /// # Ok(()) }
    /// ```
    pub async fn lags(&self) -> Result<Vec<Lag>> {
        lag::all(self.core()?).await
    }

    /// The events of the durable channels that `pattern` stands for, as far as they are still in the log. Nothing happens before
    /// what is returned is awaited.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName) if the pattern is not well formed.
    pub fn log(&self, pattern: impl Into<std::borrow::Cow<'static, str>>) -> Result<Log> {
        Ok(Log::new(self.clone(), Pattern::parse(pattern)?))
    }

    /// The actors that have a state in memory, after the id `after`, at most `limit`, in the order of their ids.
    ///
    /// It looks at every actor in memory, and takes the revision of one that is idle by claiming it for a moment.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[message(name = "doc_active.Meter")] pub struct Gauge { reading: i64 }
    /// # #[actor(kind = unnamed, name = "doc_gauge")] impl Gauge { #[action] fn read(&mut self, reading: i64) { self.reading = reading; } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Gauge,)>().start().await?;
    /// system.actor_by_id::<Gauge>("cellar").read(12).await?;
    /// let active = system.active_actors(None, 100)?;
    /// assert_eq!(active[0].id.as_str(), "doc_gauge/cellar");
    /// assert_eq!(active[0].revision.map(|revision| revision.0), Some(1));
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "admin")]
    pub fn active_actors(
        &self,
        after: Option<&crate::ActorId>,
        limit: usize,
    ) -> Result<Vec<ActiveActor>> {
        Ok(ActivePage::of(self.core()?, after, limit).into_actors())
    }
}
