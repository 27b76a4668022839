//! What an actor is, and who one is.

use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::client::ActorRef;
use crate::definition::Definition;
use crate::dispatch::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::grammar;

/// An actor: a type whose `impl` block carries [`#[actor]`](macro@crate::actor), which implements this trait.
///
/// It is not meant to be implemented by hand: what the runtime needs of it is hidden, and can change with any version.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an actor",
    label = "not an actor",
    note = "put `#[actor]` on its `impl` block"
)]
pub trait Actor: Sized + Send + 'static {
    /// The typed client: one method for each action. [`Client<A>`](crate::Client) is its name for people.
    type Client: From<ActorRef<Self>> + fmt::Debug + Clone + 'static;

    /// [`Named`] or [`Unnamed`].
    #[doc(hidden)]
    type Kind;

    #[doc(hidden)]
    const TABLE: &'static Table<Self>;

    /// What the attribute says about the actor, with the defaults filled in.
    fn definition() -> &'static Definition;
}

/// An actor that is reached by its type: [`System::actor`](crate::System::actor). It is any but an unnamed one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has an instance for each id",
    label = "an unnamed actor",
    note = "use `actor_by_id::<{Self}>(\"some-id\")`, or make it `kind = named`"
)]
pub trait ByName: Actor {}

#[diagnostic::do_not_recommend]
impl<A: Actor<Kind = Named>> ByName for A {}

/// An actor of which a system has as many as there are ids: [`System::actor_by_id`](crate::System::actor_by_id).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have an instance for each id",
    label = "not an unnamed actor",
    note = "use `actor::<{Self}>()`, or make it `kind = unnamed`"
)]
pub trait ById: Actor {}

#[diagnostic::do_not_recommend]
impl<A: Actor<Kind = Unnamed>> ById for A {}

/// The [`Kind`] of an actor that has one name for all messages, as a type.
#[derive(Debug)]
pub enum Named {}

/// The [`Kind`] of an actor of which there is one for each id, as a type.
#[derive(Debug)]
pub enum Unnamed {}

/// How many instances of an actor there are, and how they are reached.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One in each system.
    Named,
    /// One for each id, activated when it is first used.
    Unnamed,
    /// As many as the load needs, all alike: any one that is idle takes the next message, and the next event. They share one mailbox,
    /// and grow from `min_pool_size` (1) to `max_pool_size` (the number of cores); a member beyond the least number leaves
    /// memory when it was idle for the `deactivate_timeout`. There is no order among the messages of a pool, but for calls with an
    /// idempotency key: those are run one after the other.
    Pooled,
    /// A fresh one for each message, gone when that is handled; up to `max_pool_size` (256) at once, and what comes beyond that waits in
    /// one mailbox.
    Task,
}

impl Kind {
    /// Whether any one of several members takes a message.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::Pooled | Self::Task)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named => "named",
            Self::Unnamed => "unnamed",
            Self::Pooled => "pooled",
            Self::Task => "task",
        })
    }
}

/// Who an actor is: the name of its definition, and for an unnamed actor the id of the instance.
///
/// `Display` prints `order_processor`, or `user_aggregate/user-42`, and ids are ordered as that text is. A clone is cheap.
#[derive(Clone)]
pub struct ActorId {
    /// Name and instance with a slash between them; a name has no slash.
    text: Arc<str>,
    /// Where the name ends. A name has at most 128 bytes.
    name_end: u8,
}

/// The longest id of an instance, in bytes.
const MAX_INSTANCE: usize = 512;

impl ActorId {
    pub(crate) fn named(name: &str) -> Self {
        Self { text: name.into(), name_end: Self::end_of(name) }
    }

    pub(crate) fn unnamed(name: &str, instance: &str) -> Self {
        thread_local! {
            static SCRATCH: RefCell<String> = const { RefCell::new(String::new()) };
        }
        let text = SCRATCH.with_borrow_mut(|text| {
            text.clear();
            text.extend([name, "/", instance]);
            text.as_str().into()
        });
        Self { text, name_end: Self::end_of(name) }
    }

    /// The id of an actor that is called by name: of the instance `actor` of `reference`, or of the named actor `actor`.
    pub(crate) fn checked(actor: &str, reference: Option<&str>) -> Result<Self> {
        let name = reference.unwrap_or(actor);
        if let Err(fault) = grammar::check_actor_name(name) {
            let message = format!("the actor name {name:?} {fault}");
            return Err(Error::new(ErrorKind::InvalidName, message));
        }
        if reference.is_none() {
            return Ok(Self::named(name));
        }
        Self::check(actor)?;
        Ok(Self::unnamed(name, actor))
    }

    fn end_of(name: &str) -> u8 {
        u8::try_from(name.len()).unwrap_or(u8::MAX)
    }

    /// An id of an instance is 1 to 512 bytes of text without control characters.
    pub(crate) fn check(instance: &str) -> Result<()> {
        // Of nearly every id one look at its bytes says so; a look at all of them takes many at once.
        let is_plain =
            instance.bytes().fold(true, |is_plain, byte| is_plain & (b' '..0x7f).contains(&byte));
        if is_plain && (1..=MAX_INSTANCE).contains(&instance.len()) {
            return Ok(());
        }
        let fault = if instance.is_empty() {
            "is empty".to_owned()
        } else if instance.len() > MAX_INSTANCE {
            format!("is longer than {MAX_INSTANCE} bytes")
        } else if let Some(found) = instance.chars().find(|found| found.is_control()) {
            format!("contains the control character {found:?}")
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidName, format!("the actor id {instance:?} {fault}")))
    }

    /// The name of the actor's definition.
    pub fn name(&self) -> &str {
        self.text.get(..usize::from(self.name_end)).unwrap_or(&self.text)
    }

    /// The id of the instance; `None` for an actor of which there is one.
    pub fn instance(&self) -> Option<&str> {
        self.text.get(usize::from(self.name_end) + 1..)
    }

    /// Name and instance, as `Display` prints them.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for ActorId {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ActorId {}

impl Hash for ActorId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for ActorId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ActorId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::ActorId;

    #[test]
    fn an_id_is_a_name_and_an_instance() {
        let named = ActorId::named("order_processor");
        assert_eq!((named.name(), named.instance()), ("order_processor", None));
        let unnamed = ActorId::unnamed("user", "a/b");
        assert_eq!((unnamed.name(), unnamed.instance()), ("user", Some("a/b")));
        assert_eq!(unnamed.to_string(), "user/a/b");
        assert_ne!(ActorId::named("x"), ActorId::unnamed("x", "y"));
    }

    #[test]
    fn the_id_of_an_instance_is_text() {
        assert!(ActorId::check("user 42/ä").is_ok());
        for (id, why) in [
            (String::new(), "the actor id \"\" is empty"),
            ("a\nb".to_owned(), "the actor id \"a\\nb\" contains the control character '\\n'"),
        ] {
            assert_eq!(ActorId::check(&id).unwrap_err().to_string(), why);
        }
        assert!(ActorId::check(&"x".repeat(512)).is_ok());
        assert!(ActorId::check(&"x".repeat(513)).is_err());
    }
}
