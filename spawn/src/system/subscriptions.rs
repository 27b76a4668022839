//! The subscriptions of a system's actors.

use std::sync::Arc;

use super::core::Core;
use super::env::Env;
use super::external::External;
use crate::actor::Kind;
use crate::channel::Pattern;
use crate::channel::registry::Target;
use crate::definition::{Definition, Entry};
use crate::delivery::Subscription;
use crate::error::Result;
use crate::runtime::{self, AnyInstances, Wake};
use crate::store::{NewSubscription, SubscriptionId, SubscriptionRow};

/// Puts the subscriptions into the store that are not there yet, and gives all that are.
pub(super) async fn register(
    env: &Env,
    wanted: Vec<NewSubscription>,
) -> Result<Vec<SubscriptionRow>> {
    let (known, all) =
        env.read(move |store| Ok((store.register(&[])?, store.register(&wanted)?))).await?;
    let is_new = |row: &&SubscriptionRow| known.iter().all(|old| old.id != row.id);
    for SubscriptionRow { subscriber, pattern, lapsed, .. } in all.iter().filter(is_new) {
        if let Some(up_to) = lapsed {
            tracing::warn!(subscriber, pattern, %up_to, "what was to be heard from the start had left the log in part");
        }
    }
    Ok(all)
}

/// The subscriptions of all those whose place has to last.
pub(super) fn wanted(definitions: &[&Definition], externals: &[External]) -> Vec<NewSubscription> {
    let lasts =
        |it: &&&Definition| it.kind() != Kind::Unnamed || it.is_stateful() || it.is_routed();
    let lasting = definitions.iter().filter(lasts);
    let mut wanted: Vec<_> = lasting
        .flat_map(|definition| {
            definition.entries().map(|entry| NewSubscription {
                subscriber: definition.name().to_owned(),
                pattern: entry.key.into_owned(),
                from_start: entry.from_start,
            })
        })
        .collect();
    wanted.extend(externals.iter().flat_map(External::subscriptions));
    wanted
}

/// Subscribes the actors.
pub(super) fn begin(
    core: &Core,
    definitions: Vec<&'static Definition>,
    registered: &[SubscriptionRow],
) -> Result<()> {
    let mut wake = Wake::new();
    for definition in definitions {
        let instances = core.instances_by_name(definition.name())?;
        subscribe(&core.env, definition, registered, &instances, &mut wake)?;
    }
    runtime::wake(wake);
    Ok(())
}

fn subscribe(
    env: &Env,
    definition: &Definition,
    registered: &[SubscriptionRow],
    instances: &Arc<dyn AnyInstances>,
    wake: &mut Wake,
) -> Result<()> {
    let row_of = |entry: &Entry| {
        registered
            .iter()
            .find(|row| row.subscriber == definition.name() && row.pattern == entry.key)
    };
    let mut entries: Vec<_> = definition.entries().map(|entry| (row_of(&entry), entry)).collect();
    // An event is offered to them in the order in which the cursor passes them, which is not the one in which they are written
    // once the program has changed.
    entries.sort_by_key(|(row, _)| row.map_or(SubscriptionId::default(), |row| row.id));
    let mut lasting = Vec::new();
    for (row, Entry { pattern, action, wake_eagerly, .. }) in entries {
        let id = row.map_or(SubscriptionId::default(), |row| row.id);
        let pattern = Pattern::parse(pattern)?;
        if let Some(row) = row {
            let mut subscription = Subscription::new(row, pattern.clone(), action);
            subscription.wakes_eagerly = wake_eagerly;
            lasting.push(subscription);
        }
        let instances = Arc::clone(instances);
        env.channels.subscribe(&pattern, Target::Actor { instances, action, subscription: id });
    }
    Arc::clone(instances).subscribe(lasting.into(), wake);
    Ok(())
}
