//! From what was written to a model, or to diagnostics.

mod broadcasts;
mod channels;
mod methods;
mod pools;
mod routes;

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::Type;

use super::model::{Action, Actor, Kind};
use super::parse::{Arguments, Block};
use crate::diag::Sink;
use crate::grammar;
use crate::util::{arguments::plain, default_krate, ungroup};

/// The model of everything that is well formed; what is not is reported and left out.
pub(crate) fn check(block: &Block, arguments: &Arguments, sink: &mut Sink) -> Actor {
    let mut methods = methods::check(block, &channels::handlers(arguments), sink);
    let kind = arguments.kind.unwrap_or(Kind::Named);
    let before = sink.len();
    let channels = channels::check(&arguments.channels, block, &methods, sink);
    // What is said of a part that is missing, since it was reported, is said of no mistake.
    if !arguments.faulty && sink.len() == before {
        methods.without_payload.drain(..).for_each(|second| sink.push(second));
        pools::check(kind, &methods.actions, sink);
        routes::check(kind, &methods.actions, &channels, sink);
        channels::check_waking(&arguments.channels, kind, &methods, sink);
    }
    let mut publishes = BTreeSet::new();
    for method in block.methods() {
        broadcasts::check(method.body(), &mut publishes, sink);
    }
    let methods::Checked { actions, init, markers, .. } = methods;
    Actor {
        krate: arguments.krate.clone().unwrap_or_else(default_krate),
        name: arguments.name.clone().unwrap_or_else(|| name_of(&block.self_ty)),
        self_ty: block.self_ty.clone(),
        kind,
        // What is said of a pool with a state is said once.
        stateful: arguments.stateful.unwrap_or(true) && !kind.is_shared(),
        min_pool_size: arguments.min_pool_size,
        max_pool_size: arguments.max_pool_size,
        deactivate_timeout: arguments.deactivate_timeout,
        ask_timeout: arguments.ask_timeout,
        mailbox: arguments.mailbox,
        retry: arguments.retry,
        snapshot_timeout: arguments.snapshot_timeout,
        revisions: arguments.revisions,
        tags: arguments.tags.clone(),
        actions,
        init,
        channels,
        publishes,
        markers,
    }
}

/// The name of an actor that was given none: that of the type, in snake case.
fn name_of(self_ty: &Type) -> String {
    let last = match ungroup(self_ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| plain(&segment.ident)),
        _ => None,
    };
    let name = last.unwrap_or_else(|| self_ty.to_token_stream().to_string());
    grammar::snake_case(&name).collect()
}

/// The action with this name, in any spelling.
fn find<'a>(actions: &'a [Action], name: &str) -> Option<&'a Action> {
    actions.iter().find(|action| grammar::same_action(&action.name, name))
}
