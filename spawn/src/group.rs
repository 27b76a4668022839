//! The same call to many instances.

use std::fmt;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use crate::actor::ById;
use crate::client::{Client, Origin};
use crate::system::System;

/// How many calls are made at once, unless said otherwise.
const CONCURRENCY: usize = 64;

/// Instances of the actor `A` that are called together; from [`System::group`] and [`Context::group`](crate::Context::group).
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "groups.Cart")] pub struct Cart { count: i64 }
/// #[actor(kind = unnamed)]
/// impl Cart {
///     #[action]
///     fn add(&mut self, count: i64) -> i64 {
///         self.count += count;
///         self.count
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("groups").in_memory().only::<(Cart,)>().start().await?;
/// system.actor_by_id::<Cart>("bob").add(5).await?;
/// let counts = system.group::<Cart>(["ann", "bob"]).invoke(|cart| cart.add(1)).await;
/// let counts: Vec<i64> = counts.into_iter().collect::<Result<_, _>>()?;
/// assert_eq!(counts, [1, 6]);
/// # Ok(()) }
/// ```
#[must_use = "a group does nothing until one of its actions is invoked"]
pub struct Group<A: ById> {
    members: Vec<Client<A>>,
    concurrency: usize,
}

impl<A: ById> Group<A> {
    pub(crate) fn new(
        system: &System,
        ids: impl IntoIterator<Item = impl AsRef<str>>,
        origin: Option<&Arc<Origin>>,
    ) -> Self {
        let client = |id: &str| match origin {
            Some(origin) => system.client_by_id::<A>(id, Arc::clone(origin)),
            None => system.actor_by_id::<A>(id),
        };
        let members = ids.into_iter().map(|id| client(id.as_ref())).collect();
        Self { members, concurrency: CONCURRENCY }
    }

    /// How many calls are made at once; 64 unless said otherwise, and at least one.
    pub fn concurrency(self, calls: usize) -> Self {
        Self { concurrency: calls.max(1), ..self }
    }

    /// Makes the call that `call` makes of each client, and gives all results, in the order of the ids.
    ///
    /// An id that is there twice is called twice. A call that fails keeps no other from being made: its error stands in its place. Each has a
    /// timeout of its own, which begins when it is made.
    ///
    /// # Cancel safety
    /// Dropped, it makes no further calls; those that it has made are as other [calls](crate::Call) that are dropped.
    pub async fn invoke<F: IntoFuture>(
        self,
        mut call: impl FnMut(&Client<A>) -> F,
    ) -> Vec<F::Output> {
        let calls = self.members.into_iter().enumerate().map(move |(place, client)| {
            let call = call(&client).into_future();
            async move { (place, call.await) }
        });
        let mut results: Vec<_> =
            stream::iter(calls).buffer_unordered(self.concurrency).collect().await;
        results.sort_unstable_by_key(|(place, _)| *place);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

impl<A: ById> fmt::Debug for Group<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.members).finish()
    }
}
