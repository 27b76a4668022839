//! Which action of which actor.

use crate::actor::{Actor, ActorId};
use crate::client::Target;
use crate::error::{Error, Result};

/// An action by name, as it was given: whether there is such an actor is seen when it is used.
#[derive(Debug)]
pub(crate) struct Address {
    actor: String,
    reference: Option<String>,
    action: String,
    /// Why the client that it was taken from has no actor.
    fault: Option<Error>,
}

impl Address {
    pub(crate) fn by_name(actor: impl Into<String>, action: impl Into<String>) -> Self {
        Self { actor: actor.into(), reference: None, action: action.into(), fault: None }
    }

    pub(crate) fn of<A: Actor>(target: Target<A>, action: &str) -> Self {
        match target {
            Ok(cell) => Self::of_id(&cell.id, action),
            Err(fault) => {
                let address = Self::by_name(A::TABLE.name, action);
                Self { fault: Some(fault.into()), ..address }
            }
        }
    }

    pub(crate) fn of_id(id: &ActorId, action: &str) -> Self {
        match id.instance() {
            Some(instance) => Self::by_name(instance, action).reference(id.name()),
            None => Self::by_name(id.name(), action),
        }
    }

    /// What was given as the actor is the id of an instance of this one.
    pub(crate) fn reference(self, actor: impl Into<String>) -> Self {
        Self { reference: Some(actor.into()), ..self }
    }

    /// The actor and the action.
    ///
    /// # Errors
    /// If there is no such actor, or its name or id is none.
    pub(crate) fn resolve(self) -> Result<(ActorId, String)> {
        match self.fault {
            None => {
                let target = ActorId::checked(&self.actor, self.reference.as_deref())?;
                Ok((target, self.action))
            }
            Some(fault) => Err(fault),
        }
    }
}
