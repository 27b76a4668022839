//! Finding actors by their tags.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use crate::actor::{Actor, ActorId, Kind};
use crate::definition::Definition;
use crate::error::Result;
use crate::store::TagQuery;
use crate::system::System;

/// How many actors are found at once, unless said otherwise.
const LIMIT: usize = 1_000;

/// Looks for actors by their tags; from [`System::find`]. Nothing happens before it is awaited.
///
/// It finds actors of the system whose tags are saved or declared, active or not: every actor that is not unnamed, and every
/// instance of an unnamed one that has something saved. Instances of an unnamed actor that is `stateful = false` are not
/// found.
///
/// # Errors
/// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if the store cannot be read;
/// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
///
/// # Cancel safety
/// It changes nothing, and can be dropped at any time.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "find.Order")] pub struct Order { total: i64 }
/// #[actor(kind = unnamed, tags = { status = "open" }, name = "find_order")]
/// impl Order {
///     #[action]
///     fn add(&mut self, price: i64) -> i64 {
///         self.total += price;
///         self.total
///     }
///
///     #[action]
///     fn pay(&mut self, ctx: &Context) -> Value<()> {
///         let mut tags = ctx.tags().clone();
///         tags.insert("status".into(), "paid".into());
///         Value::of().tags(tags)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("find").in_memory().only::<(Order,)>().start().await?;
/// for id in ["a", "b", "c"] {
///     system.actor_by_id::<Order>(id).add(5).await?;
/// }
/// system.actor_by_id::<Order>("b").pay().await?;
/// let open = system.find().tag("status", "open").await?;
/// assert_eq!(open.iter().map(|id| id.instance().unwrap()).collect::<Vec<_>>(), ["a", "c"]);
/// let paid = system.find().of::<Order>().tag("status", "paid").await?;
/// assert_eq!(paid[0].as_str(), "find_order/b");
/// # Ok(()) }
/// ```
#[must_use = "nothing is looked for before it is awaited"]
pub struct Find {
    system: System,
    query: TagQuery,
}

impl Find {
    pub(crate) fn new(system: System) -> Self {
        Self { system, query: TagQuery { limit: LIMIT, ..TagQuery::default() } }
    }

    /// Only actors that have this tag, and those that were asked for before.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.tags.push((key.into(), value.into()));
        self
    }

    /// Only the actor `A`, or its instances.
    pub fn of<A: Actor>(mut self) -> Self {
        self.query.name = Some(A::TABLE.name.to_owned());
        self
    }

    /// Only the actor of this name, or its instances: as [`of`](Find::of), where the name is known and the type is not.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.query.name = Some(name.into());
        self
    }

    /// At most so many actors, the first in the order of their ids; 1,000 unless said otherwise.
    pub fn limit(mut self, actors: usize) -> Self {
        self.query.limit = actors;
        self
    }

    /// Only actors that come after this one in the order of their ids: the next page begins after the last one of a page.
    pub fn after(mut self, id: &ActorId) -> Self {
        self.query.after = Some(id.clone());
        self
    }

    async fn run(self) -> Result<Vec<ActorId>> {
        let Self { system, mut query } = self;
        let definitions = system.definitions()?;
        let is_asked_for =
            |it: &&&Definition| query.name.as_ref().is_none_or(|name| name == it.name());
        let has_tags = |it: &&&Definition| {
            query.tags.iter().all(|(key, value)| it.tags().get(key) == Some(value))
        };
        let declared: Vec<_> =
            definitions.iter().filter(is_asked_for).filter(has_tags).copied().collect();
        let limit = query.limit;
        let mut found = Vec::new();
        for definition in declared {
            let name = definition.name();
            if definition.kind() == Kind::Unnamed {
                query.untagged.push(name.to_owned());
                continue;
            }
            let id = ActorId::named(name);
            if query.after.as_ref().is_none_or(|after| *after < id)
                && !(definition.is_stateful() && has_set_tags(&system, &id).await?)
            {
                found.push(id);
            }
        }
        let env = &system.core()?.env;
        let mut saved = 0;
        while saved < limit {
            let page = query.clone();
            let page = env.read(move |store| store.find(&page)).await?;
            query.after = page.last().cloned().or(query.after);
            let is_last = page.len() < limit;
            // The program may have actors no more whose states are still saved.
            let is_known = |id: &ActorId| definitions.iter().any(|it| it.name() == id.name());
            let before = found.len();
            found.extend(page.into_iter().filter(is_known));
            saved += found.len() - before;
            if is_last {
                break;
            }
        }
        found.sort_unstable();
        found.truncate(limit);
        Ok(found)
    }
}

async fn has_set_tags(system: &System, id: &ActorId) -> Result<bool> {
    let id = id.clone();
    let stored = system.core()?.env.read(move |store| store.load(&id)).await?;
    Ok(stored.is_some_and(|stored| stored.tags.is_some()))
}

impl IntoFuture for Find {
    type Output = Result<Vec<ActorId>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find").field("query", &self.query).finish_non_exhaustive()
    }
}
