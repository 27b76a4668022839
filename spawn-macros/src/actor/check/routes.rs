//! Routes: events find the one instance that they are for.

use crate::actor::model::{Action, Channel, Clause, Kind};
use crate::diag::{self, Sink};

pub(crate) fn check(kind: Kind, actions: &[Action], channels: &[Channel], sink: &mut Sink) {
    let before = sink.len();
    for action in actions {
        let is_handler = channels.iter().any(|channel| channel.action == action.name);
        for clause in action.clauses.iter().filter(|clause| clause.route.is_some()) {
            let name = &clause.method.ident;
            if kind != Kind::Unnamed {
                sink.push(diag::route_of_one(name, kind.is_shared()));
            } else if !is_handler {
                sink.push(diag::route_without_channel(name, &action.name));
            }
        }
    }
    if sink.len() > before {
        return;
    }
    // One cursor says how far an instance is, so that its events have to come in one order: by their routes, or as they are published.
    let handlers: Vec<_> = actions
        .iter()
        .filter(|action| channels.iter().any(|channel| channel.action == action.name))
        .flat_map(|action| &action.clauses)
        .collect();
    let is_routed = |clause: &&&Clause| clause.route.is_some();
    let Some(routed) = handlers.iter().find(is_routed) else { return };
    for clause in handlers.iter().filter(|clause| clause.route.is_none()) {
        sink.push(diag::route_missing(&clause.method.ident, &routed.method.ident));
    }
}
