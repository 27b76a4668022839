//! Errors: what went wrong, where, and what to do about it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use crate::actor::ActorId;

/// A boxed error of any type.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong when a system starts, an actor is called, or an event is published.
///
/// `Display` is one clause with the actor and the action in it; the cause is its [`source`](StdError::source). `Debug` prints
/// the chain of causes as well, so that `fn main() -> spawn::Result<()>` ends with something that a person can read.
///
/// # Examples
///
/// ```
/// use spawn::{ErrorKind, System};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let error = System::builder("bad name").start().await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidName);
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    actor: Option<ActorId>,
    action: Option<Cow<'static, str>>,
    message: Cow<'static, str>,
    source: Option<BoxError>,
}

/// The kinds of [`Error`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The definitions of the program contradict each other or lack something; `start()` lists every such mistake.
    Definition,
    /// A name of a channel, a pattern, an actor, an actor id or a system is not well formed.
    InvalidName,
    /// No actor of this name or type belongs to the system.
    UnknownActor,
    /// The actor has no action of this name.
    UnknownAction,
    /// The action exists, but none of its clauses takes this type of payload.
    UnsupportedPayload,
    /// The actor has no such revision, or does not keep it any more.
    UnknownRevision,
    /// Bytes could not be decoded as the type that they were said to be, or a value is of another type than asked for.
    Decode,
    /// A value that had to be saved or sent could not be encoded: serde refused to write a [`Json`](crate::Json). The action
    /// changed nothing.
    Encode,
    /// A payload or a state has more bytes than the system allows; the cause is a [`TooLarge`](crate::TooLarge). The action changed
    /// nothing. See [`payload_limit`](crate::SystemBuilder::payload_limit) and [`state_limit`](crate::SystemBuilder::state_limit).
    TooLarge,
    /// The actor's mailbox is full, and the call was not to wait for room.
    Overloaded,
    /// The call was not answered in time. Whether it takes effect is unknown.
    Timeout,
    /// The action would wait for itself: the actor that it calls waits, through others or not, for the actor that calls. The message
    /// has the chain: `till -> ledger -> till`. It fails at once, and the action that it would have called is not run
    /// (unless a task that this action has spawned closes the circle while it begins to run). See [`Context`](crate::Context) for
    /// which calls are watched.
    ///
    /// The cure is to break the circle: [`cast`](crate::Call::cast) where no response is needed, give along what the other actor
    /// would ask for, move what both need into an actor that calls neither, or
    /// [publish](crate::Broadcast) what happened. Within an actor, call the method instead of the action. Also what
    /// [`System::shutdown`](crate::System::shutdown) gives inside of an action.
    Deadlock,
    /// The action goes on from an action to which it was piped or forwarded before, so that the chain would never end, or from two
    /// places at once. The message has the chain. The action changed nothing.
    Cycle,
    /// The system has stopped, or stopped before the call was answered. Whether it takes effect is unknown.
    Stopped,
    /// The actor could not be activated: its `#[init]` failed, or its state could not be loaded.
    Activation,
    /// The action returned an error, which is the [`source`](StdError::source). It changed nothing.
    Action,
    /// The action panicked. It changed nothing.
    Panic,
    /// What the action did could not be saved, so that it changed nothing; or the store could not be read.
    Storage,
    /// What the action did was refused by the store, since another activation of the actor, or another process, has saved in the
    /// meantime. It changed nothing, and can be tried again.
    Stale,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            actor: None,
            action: None,
            message: message.into(),
            source: None,
        }))
    }

    #[must_use]
    pub(crate) fn at(mut self, actor: &ActorId, action: impl Into<Cow<'static, str>>) -> Self {
        self.0.actor = Some(actor.clone());
        self.0.action = Some(action.into());
        self
    }

    #[must_use]
    pub(crate) fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn stopped() -> Self {
        Self::new(ErrorKind::Stopped, "the system has stopped")
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The actor that was called, where there is one.
    pub fn actor(&self) -> Option<&ActorId> {
        self.0.actor.as_ref()
    }

    /// The action that was called, where there is one.
    pub fn action(&self) -> Option<&str> {
        self.0.action.as_deref()
    }

    /// The error of type `E` in the chain of causes, such as the one that an action returned.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Debug, thiserror::Error)] #[error("no stock")] struct NoStock;
    /// fn is_out_of_stock(error: &spawn::Error) -> bool {
    ///     error.cause::<NoStock>().is_some()
    /// }
    /// ```
    pub fn cause<E: StdError + 'static>(&self) -> Option<&E> {
        let mut next = self.source();
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }

    /// Whether the actor had the message, and this is what it made of it.
    pub(crate) fn is_from_action(&self) -> bool {
        match self.0.kind {
            ErrorKind::Action
            | ErrorKind::Panic
            | ErrorKind::Activation
            | ErrorKind::Decode
            | ErrorKind::Encode
            | ErrorKind::TooLarge
            | ErrorKind::Storage
            | ErrorKind::Stale => true,
            // A channel of what it returned.
            ErrorKind::InvalidName => self.0.action.is_some(),
            _ => false,
        }
    }

    /// Whether the same event or effect may be handled at another attempt.
    pub(crate) fn is_worth_trying(&self) -> bool {
        match self.kind() {
            ErrorKind::Decode
            | ErrorKind::Encode
            | ErrorKind::TooLarge
            | ErrorKind::UnsupportedPayload
            | ErrorKind::Cycle
            | ErrorKind::InvalidName
            | ErrorKind::UnknownActor
            | ErrorKind::UnknownAction => false,
            ErrorKind::Action => self.is_retryable(),
            _ => true,
        }
    }

    /// Whether the same call may succeed later: the actor was overloaded, its change could not be saved, or the action failed and
    /// did not say with [`ActionError::fatal`] that trying again is of no use.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Overloaded | ErrorKind::Storage | ErrorKind::Stale => true,
            ErrorKind::Action => self.cause::<ActionError>().is_none_or(ActionError::is_retryable),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.actor, &self.0.action) {
            (Some(actor), Some(action)) => write!(f, "`{action}` of {actor}: {}", self.0.message),
            _ => f.write_str(&self.0.message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.to_string();
        f.write_str(&said)?;
        let mut next = self.source();
        while let Some(source) = next {
            let cause = source.to_string();
            // An error that stands for another one has its words.
            if cause != said {
                write!(f, "\n  caused by: {cause}")?;
            }
            said = cause;
            next = source.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// An error of an action with a code for programs, a message for people, and whether it makes sense to try again.
///
/// Any other error that implements [`std::error::Error`] can be returned as well; it counts as retryable.
///
/// # Examples
///
/// ```
/// use spawn::ActionError;
///
/// let error = ActionError::new("out_of_stock", "3 of SKU-7 wanted, 2 left").fatal();
/// assert_eq!(error.code(), "out_of_stock");
/// assert!(!error.is_retryable());
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{message} ({code})")]
pub struct ActionError {
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    retryable: bool,
    #[source]
    source: Option<BoxError>,
}

impl ActionError {
    /// An error that may be gone when the action is tried again.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), message: message.into(), retryable: true, source: None }
    }

    /// Says that trying again is of no use: an event that fails so is not retried.
    #[must_use]
    pub fn fatal(mut self) -> Self {
        self.retryable = false;
        self
    }

    /// Keeps the error that led to this one, as its [`source`](StdError::source).
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The code: for programs, so it should stay the same from version to version.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The message, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether trying again may help.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }
}
