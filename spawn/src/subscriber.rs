//! External subscribers: code that gets events and is no actor.

use std::sync::Arc;

use crate::channel::Pattern;
use crate::error::{ActionError, BoxError, Error};
use crate::event::Event;
use crate::observe;
use crate::retry::Retry;
use crate::runtime::{Catch, catch, inside};
use crate::stream::EventQueue;
use crate::system::Env;

/// Something outside of the actors that wants events: a bridge to another system, a notifier, a collector of metrics.
///
/// It is given to [`SystemBuilder::external_subscriber`](crate::SystemBuilder::external_subscriber), is subscribed before the
/// system accepts its first message, and gets one event after the other, each once even if several of its patterns match.
///
/// It is supervised: an event is handed over until `receive` succeeds, with a pause between the attempts that doubles from 100 ms up
/// to 30 s. After ten attempts, which is after some 50 seconds, the event is given up, which is logged. Later events wait meanwhile.
///
/// Unless it has a [name](Subscriber::name), it is transient: a publisher never waits for it, and once 16,384 events wait the oldest are dropped, which is logged.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
/// use spawn::{BoxError, Subscriber};
///
/// struct Printer;
///
/// impl Subscriber for Printer {
///     fn channels(&self) -> Vec<String> {
///         vec!["order.*".to_owned(), "user.events".to_owned()]
///     }
///
///     async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
///         println!("{}: {}", event.channel(), event.type_name());
///         Ok(())
///     }
/// }
/// ```
pub trait Subscriber: Send + 'static {
    /// The channels and patterns whose events it wants; asked once, when it is registered. One that is not well formed makes
    /// [`SystemBuilder::start`](crate::SystemBuilder::start) fail.
    fn channels(&self) -> Vec<String>;

    /// A name makes the subscriber durable: how far it is is saved under that name, and it goes on from there after a restart, however
    /// long it was away. It sees each event of a durable channel at least once, and one that is given up is put among the
    /// [dead letters](crate::System::dead_letters). Asked once; 1 to 128 bytes of `A-Z a-z 0-9 _ - .`. Without a name, which is the
    /// default, it is transient.
    fn name(&self) -> Option<String> {
        None
    }

    /// Whether a subscriber whose name is new begins with the oldest event that is kept, instead of with the next one. Asked once;
    /// `false` unless it is implemented.
    #[expect(clippy::wrong_self_convention, reason = "as `from = start` in an entry of an actor")]
    fn from_start(&self) -> bool {
        false
    }

    /// Takes an event. [`Event::attempt`] says how often it was tried.
    ///
    /// # Errors
    /// Any error makes the event come again.
    ///
    /// # Panics
    /// A panic is caught and treated as an error, after [`restart`](Subscriber::restart).
    ///
    /// # Cancel safety
    /// The future is dropped before its end only if it panics or the Tokio runtime ends.
    fn receive(&mut self, event: Event) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Called after `receive` has panicked, before the event comes again: brings the subscriber back to a known state. Does nothing
    /// unless it is implemented; its own panic is logged.
    fn restart(&mut self) {}
}

/// The patterns of a subscriber, and what is wrong with those that are none.
pub(crate) fn patterns(subscriber: &impl Subscriber) -> (Vec<Pattern>, Vec<Error>) {
    let mut faults = Vec::new();
    let parsed = subscriber.channels().into_iter().map(Pattern::parse);
    let patterns = parsed.filter_map(|it| it.map_err(|fault| faults.push(fault)).ok()).collect();
    (patterns, faults)
}

/// Hands over an event, once, to the subscriber that is called `name`.
pub(crate) async fn hand_over<S: Subscriber>(
    subscriber: &mut S,
    name: &str,
    event: Event,
    env: &Arc<Env>,
) -> Result<(), BoxError> {
    if let Some(meters) = env.meters.as_ref().and_then(|meters| meters.subscriber(name)) {
        meters.deliveries.increment(1);
    }
    let span = observe::receiving(name, &event);
    let receiving = Catch(Box::pin(subscriber.receive(event)));
    let panic = match inside::inside(env, Some(&span), receiving).await {
        Ok(received) => return received,
        Err(panic) => panic,
    };
    if let Err(panic) = catch(|| subscriber.restart()) {
        let name = std::any::type_name::<S>();
        tracing::error!(subscriber = name, panic = panic.0, "`restart` panicked");
    }
    Err(format!("panicked: {}", panic.0).into())
}

/// An event comes again.
pub(crate) fn count_retry(env: &Env, name: &str) {
    if let Some(meters) = env.meters.as_ref().and_then(|meters| meters.subscriber(name)) {
        meters.retries.increment(1);
    }
}

/// Hands over events until the queue is closed.
pub(crate) async fn supervise<S: Subscriber>(
    mut subscriber: S,
    queue: Arc<EventQueue>,
    env: Arc<Env>,
) {
    let name = std::any::type_name::<S>();
    let retry = Retry::DEFAULT;
    while let Some(event) = queue.next().await {
        for attempt in 1..=retry.attempts {
            let attempted = event.clone().with_attempt(attempt);
            let Err(error) = hand_over(&mut subscriber, name, attempted, &env).await else { break };
            let is_fatal = !error.downcast_ref().is_none_or(ActionError::is_retryable);
            if is_fatal || attempt == retry.attempts {
                tracing::error!(subscriber = name, ?event, %error, "an event is given up");
                break;
            }
            tracing::warn!(subscriber = name, ?event, attempt, %error, "an event comes again");
            count_retry(&env, name);
            tokio::time::sleep(retry.backoff.delay(attempt)).await;
        }
    }
}
