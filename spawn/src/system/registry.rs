//! The definitions of the whole program, and whether they fit together.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Weak};

use super::core::Core;
use super::env::Env;
use crate::actor::Actor;
use crate::definition::{ClauseDefinition, Definition};
use crate::error::{Error, ErrorKind};
#[cfg(feature = "admin")]
use crate::message::FieldKind;
use crate::message::{Described, TypeName};
use crate::runtime::{AnyInstances, Factory, Instances};

/// An actor of the program, put there by `#[actor]`.
pub struct Registration {
    pub(crate) definition: fn() -> &'static Definition,
    pub(crate) install: Install,
    /// Whether the state can be made without `provide`.
    pub(crate) has_default: bool,
}

/// Makes the instances of an actor for a system, with what `provide` gave for it.
type Install = fn(Arc<Env>, Weak<Core>, Option<Box<dyn Any + Send>>) -> Arc<dyn AnyInstances>;

impl Registration {
    /// The registration of `A`.
    pub const fn of<A: Actor>() -> Self {
        Self {
            definition: A::definition,
            install: install::<A>,
            has_default: A::TABLE.make.is_some(),
        }
    }
}

fn install<A: Actor>(
    env: Arc<Env>,
    core: Weak<Core>,
    provided: Option<Box<dyn Any + Send>>,
) -> Arc<dyn AnyInstances> {
    let provided = provided.and_then(|factory| factory.downcast::<Factory<A>>().ok());
    let make = match (provided, A::TABLE.make) {
        (Some(factory), _) => *factory,
        (None, Some(make)) => Box::new(move |_: &_| make()),
        #[expect(
            clippy::panic,
            reason = "`check` refuses such an actor, and a panic here ends its activation only"
        )]
        (None, None) => Box::new(|id: &_| panic!("{id} has no `Default` and was not provided")),
    };
    Instances::<A>::new(env, core, make)
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registration({})", (self.definition)().name())
    }
}

/// A message of the program, put there by `#[message]`.
#[derive(Debug)]
pub struct MessageRegistration {
    name: TypeName<'static>,
    type_id: TypeId,
    location: &'static Location<'static>,
    /// What Rust calls the type, and what it consists of.
    #[cfg(feature = "admin")]
    pub(crate) description: (fn() -> &'static str, &'static [FieldKind]),
}

impl MessageRegistration {
    /// The registration of `M`, which is defined at `location`.
    pub const fn of<M: prost::Name + Described + 'static>(
        location: &'static Location<'static>,
    ) -> Self {
        Self {
            name: TypeName::named::<M>(),
            type_id: TypeId::of::<M>(),
            location,
            #[cfg(feature = "admin")]
            description: (std::any::type_name::<M>, M::FIELDS),
        }
    }

    /// The full name.
    #[cfg(feature = "admin")]
    pub(crate) fn name(&self) -> TypeName<'static> {
        self.name
    }
}

inventory::collect!(Registration);
inventory::collect!(MessageRegistration);

/// The actors of the program, by name and place.
pub(crate) fn registered() -> Vec<&'static Registration> {
    let mut all: Vec<_> = inventory::iter::<Registration>.into_iter().collect();
    all.sort_by_key(|registration| {
        let definition = (registration.definition)();
        (definition.name(), definition.location().file(), definition.location().line())
    });
    all
}

/// Everything that is wrong with a system, reported at once.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    pub(crate) fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    pub(crate) fn into_result(mut self, system: &str) -> Result<(), Error> {
        match self.0.len() {
            0 => Ok(()),
            1 => {
                let message = format!("the system `{system}` cannot start: {}", self.0.remove(0));
                Err(Error::new(ErrorKind::Definition, message))
            }
            _ => {
                let list = self.0.join("\n  - ");
                let message = format!("the system `{system}` cannot start:\n  - {list}");
                Err(Error::new(ErrorKind::Definition, message))
            }
        }
    }
}

/// Two actors of one name.
pub(crate) fn check_actor_names(actors: &[&Registration], faults: &mut Faults) {
    let mut by_name: BTreeMap<&str, &'static Definition> = BTreeMap::new();
    for definition in actors.iter().map(|registration| (registration.definition)()) {
        if let Some(first) = by_name.insert(definition.name(), definition) {
            faults.add(format!(
                "two actors are named `{}`: {} at {} and {} at {}",
                definition.name(),
                first.type_name(),
                first.location(),
                definition.type_name(),
                definition.location(),
            ));
        }
    }
}

/// Two clauses of one action for payloads of one name: bytes of either would be taken for the first. `#[message]` has other
/// means; serde may give a name twice.
pub(crate) fn check_clause_names(definition: &Definition, faults: &mut Faults) {
    for action in definition.actions() {
        let mut names = Vec::new();
        for name in action.clauses().iter().filter_map(ClauseDefinition::payload) {
            if names.contains(&name) {
                faults.add(format!(
                    "the action `{}` of the actor `{}` ({}) has two clauses for what is called `{name}`: give one of the types \
                     another name with `#[serde(rename = \"..\")]`",
                    action.name(),
                    definition.name(),
                    definition.location(),
                ));
            }
            names.push(name);
        }
    }
}

/// Two messages of one name: bytes of the one would be taken for the other.
pub(crate) fn check_message_names(faults: &mut Faults) {
    let mut by_name: BTreeMap<String, &'static MessageRegistration> = BTreeMap::new();
    let mut all: Vec<_> = inventory::iter::<MessageRegistration>.into_iter().collect();
    all.sort_by_key(|message| (message.location.file(), message.location.line()));
    for message in all {
        if let Some(first) = by_name.insert(message.name.to_string(), message)
            && first.type_id != message.type_id
        {
            faults.add(format!(
                "two messages are named `{}`: at {} and at {}",
                message.name, first.location, message.location,
            ));
        }
    }
}
