//! Pools: what belongs to one actor only belongs to none of its members.

use crate::actor::model::{Action, Kind};
use crate::diag::{self, Sink};

pub(crate) fn check(kind: Kind, actions: &[Action], sink: &mut Sink) {
    if !kind.is_shared() {
        return;
    }
    for clause in actions.iter().flat_map(|action| &action.clauses) {
        if clause.timer.is_some() {
            sink.push(diag::timer_of_pool(&clause.method.ident, kind.name()));
        }
    }
}
