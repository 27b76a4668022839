//! Channel entries: each is handled by an action that takes events.

use proc_macro2::TokenTree;

use super::find;
use super::methods::Checked;
use crate::actor::model::{Action, Channel, Kind, Reference};
use crate::actor::parse::{self, Arguments, Block, Name};
use crate::diag::{self, Sink};
use crate::suggest;
use crate::util::arguments::plain;

/// The action of an entry that names none.
const DEFAULT_HANDLER: &str = "receive";

pub(crate) fn check(
    entries: &[parse::Channel],
    block: &Block,
    methods: &Checked,
    sink: &mut Sink,
) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for entry in entries {
        let token = match &entry.handler {
            Some(handler) => handler.token.clone(),
            None => entry.literal.clone().into(),
        };
        let name = name_of(entry);
        let is_implied = entry.handler.is_none();
        let Some(action) = handler(name, &token, is_implied, block, methods, sink) else {
            continue;
        };
        let repeated =
            channels.iter().any(|it| it.pattern == entry.pattern && it.action == action.name);
        if repeated {
            sink.push(diag::channel_given_twice(&entry.literal, &entry.pattern, &action.name));
            continue;
        }
        channels.push(Channel {
            pattern: entry.pattern.clone(),
            action: action.name.clone(),
            from_start: entry.from_start,
            wake_eagerly: entry.wake_eagerly.is_some(),
            references: references(action, entry.handler.as_ref()),
        });
    }
    channels
}

/// `wake = eager` is for instances that nobody names.
pub(crate) fn check_waking(
    entries: &[parse::Channel],
    kind: Kind,
    methods: &Checked,
    sink: &mut Sink,
) {
    for entry in entries {
        let Some(wake) = &entry.wake_eagerly else { continue };
        let action = find(&methods.actions, name_of(entry));
        let is_routed =
            action.is_some_and(|it| it.clauses.iter().any(|clause| clause.route.is_some()));
        if kind != Kind::Unnamed || is_routed {
            sink.push(diag::wake_of_few(wake));
        }
    }
}

/// The names of the actions that handle entries, and of those that may be meant by what was reported.
pub(crate) fn handlers(arguments: &Arguments) -> Vec<&str> {
    let implied = arguments.faulty.then_some(DEFAULT_HANDLER);
    let meant = arguments.mentioned.iter().map(String::as_str).chain(implied);
    arguments.channels.iter().map(name_of).chain(meant).collect()
}

/// The name of the action that handles an entry.
fn name_of(entry: &parse::Channel) -> &str {
    entry.handler.as_ref().map_or(DEFAULT_HANDLER, |handler| &handler.text)
}

/// The methods that a handler stands for, to be looked up by an editor.
fn references(action: &Action, handler: Option<&Name>) -> Vec<Reference> {
    let methods = action.clauses.iter().map(|clause| &clause.method);
    methods
        .map(|method| Reference {
            method: method.ident.clone(),
            conditions: method.conditions.clone(),
            handler: handler.map(|handler| handler.token.clone()),
        })
        .collect()
}

fn handler<'a>(
    name: &str,
    token: &TokenTree,
    is_implied: bool,
    block: &Block,
    methods: &'a Checked,
    sink: &mut Sink,
) -> Option<&'a Action> {
    if let Some(action) = find(&methods.actions, name) {
        if action.clauses.iter().all(|clause| clause.payload.is_none()) {
            sink.push(diag::handler_takes_no_event(token, name));
            return None;
        }
        return Some(action);
    }
    // An action that was left out of the model is reported where it stands.
    if methods.has_nameless
        || methods.faulty.iter().any(|faulty| crate::grammar::same_action(faulty, name))
    {
        return None;
    }
    if methods.init.as_ref().is_some_and(|init| plain(&init.method.ident) == name) {
        sink.push(diag::init_as_handler(token, name));
        return None;
    }
    let renamed = methods
        .actions
        .iter()
        .find(|action| action.clauses.iter().any(|clause| plain(&clause.method.ident) == name));
    let known = if let Some(action) = renamed {
        diag::Handler::Renamed(&action.name)
    } else if block.methods().any(|method| plain(&method.signature.ident) == name) {
        diag::Handler::Method
    } else {
        let names: Vec<_> = methods.actions.iter().map(|action| action.name.as_str()).collect();
        match suggest::nearest(name, names.iter().copied()) {
            Some(near) => diag::Handler::Near(near),
            None => diag::Handler::None(names),
        }
    };
    if let (true, diag::Handler::None(_), TokenTree::Literal(channel)) = (is_implied, &known, token)
    {
        sink.push(diag::no_receive(channel));
        return None;
    }
    sink.push(diag::not_an_action(token, name, known));
    None
}
