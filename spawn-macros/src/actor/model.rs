//! An actor that makes sense: plain data, from which code can be printed without a further question.

use std::collections::BTreeSet;
use std::time::Duration;

use proc_macro2::{Ident, TokenTree};
use syn::{Attribute, ExprClosure, Path, Type, Visibility};

/// The definition of an actor.
pub(crate) struct Actor {
    /// The path of this library.
    pub(crate) krate: Path,
    pub(crate) self_ty: Type,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) stateful: bool,
    pub(crate) min_pool_size: Option<u32>,
    pub(crate) max_pool_size: Option<u32>,
    pub(crate) deactivate_timeout: Option<Duration>,
    pub(crate) ask_timeout: Option<Duration>,
    pub(crate) mailbox: Option<u32>,
    pub(crate) retry: Option<Retry>,
    pub(crate) snapshot_timeout: Option<Duration>,
    pub(crate) revisions: Option<u16>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) actions: Vec<Action>,
    pub(crate) init: Option<Init>,
    pub(crate) channels: Vec<Channel>,
    /// The channels that stand as literals in a `Broadcast`.
    pub(crate) publishes: BTreeSet<String>,
    /// The helper attributes, to be printed again for editors.
    pub(crate) markers: Vec<Path>,
}

/// How an event that fails comes again; what is not given is `None`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Retry {
    pub(crate) attempts: Option<u32>,
    pub(crate) backoff: Option<Duration>,
    pub(crate) max_backoff: Option<Duration>,
}

/// An action: the clauses with one name.
pub(crate) struct Action {
    /// In snake case.
    pub(crate) name: String,
    pub(crate) clauses: Vec<Clause>,
}

/// A method that handles one type of payload.
pub(crate) struct Clause {
    pub(crate) method: Method,
    pub(crate) visibility: Visibility,
    /// The documentation and the deprecation, which the client's method has as well.
    pub(crate) attributes: Vec<Attribute>,
    /// `None` for an action without a payload.
    pub(crate) payload: Option<Payload>,
    pub(crate) route: Option<Route>,
    /// How often the runtime calls it.
    pub(crate) timer: Option<Duration>,
}

/// Which instance gets an event.
pub(crate) enum Route {
    /// The one whose id this field has.
    Field(Ident),
    /// The one whose id this closure returns.
    Closure(Box<ExprClosure>),
}

pub(crate) struct Payload {
    /// The name of the parameter, if it has one.
    pub(crate) name: Option<Ident>,
    pub(crate) ty: Type,
}

/// `#[init]`.
pub(crate) struct Init {
    pub(crate) method: Method,
}

/// How a method is called.
pub(crate) struct Method {
    pub(crate) ident: Ident,
    /// `#[cfg(..)]`
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) is_async: bool,
    pub(crate) mutates: bool,
    pub(crate) parameters: Vec<Parameter>,
    /// `()` if none is written.
    pub(crate) returns: Type,
}

/// A parameter after the receiver.
pub(crate) enum Parameter {
    /// The payload, of which there is one at most.
    Payload,
    /// `&T` of an event: the payload as well, which the method only looks at.
    BorrowedPayload,
    /// `&T`: the context, or a resource.
    Lent(Box<Type>),
}

impl Actor {
    /// Whether one of the actions is `#[deprecated]`.
    pub(crate) fn has_deprecated(&self) -> bool {
        let mut clauses = self.actions.iter().flat_map(|action| &action.clauses);
        clauses.any(|clause| clause.attributes.iter().any(|it| it.path().is_ident("deprecated")))
    }
}

impl Clause {
    /// The type of the payload; `()` for an action without one.
    pub(crate) fn payload_ty(&self) -> Type {
        match &self.payload {
            Some(payload) => payload.ty.clone(),
            None => syn::parse_quote_spanned!(self.method.ident.span()=> ()),
        }
    }
}

impl Method {
    /// Whether nothing but the payload is given to the method, and it only looks at that.
    pub(crate) fn only_looks(&self) -> bool {
        !self.is_async && matches!(self.parameters[..], [Parameter::BorrowedPayload])
    }

    /// What the method borrows beside the payload.
    pub(crate) fn lent(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::Lent(ty) => Some(&**ty),
            Parameter::Payload | Parameter::BorrowedPayload => None,
        })
    }
}

/// A subscription.
pub(crate) struct Channel {
    pub(crate) pattern: String,
    /// In snake case.
    pub(crate) action: String,
    pub(crate) from_start: bool,
    pub(crate) wake_eagerly: bool,
    /// The methods of the action, for editors.
    pub(crate) references: Vec<Reference>,
}

/// A method that a handler stands for.
pub(crate) struct Reference {
    pub(crate) method: Ident,
    /// `#[cfg(..)]`
    pub(crate) conditions: Vec<Attribute>,
    /// The handler, if one is written.
    pub(crate) handler: Option<TokenTree>,
}

/// How many instances there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Named,
    Unnamed,
    Pooled,
    Task,
}

impl Kind {
    pub(crate) const NAMES: [&str; 4] = ["named", "unnamed", "pooled", "task"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "named" => Some(Self::Named),
            "unnamed" => Some(Self::Unnamed),
            "pooled" => Some(Self::Pooled),
            "task" => Some(Self::Task),
            _ => None,
        }
    }

    /// Whether any one of its members takes a message.
    pub(crate) fn is_shared(self) -> bool {
        matches!(self, Self::Pooled | Self::Task)
    }

    pub(crate) fn name(self) -> &'static str {
        let [named, unnamed, pooled, task] = Self::NAMES;
        match self {
            Self::Named => named,
            Self::Unnamed => unnamed,
            Self::Pooled => pooled,
            Self::Task => task,
        }
    }
}
