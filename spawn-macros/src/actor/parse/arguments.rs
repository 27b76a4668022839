//! The arguments of `#[actor(..)]`.

use std::time::Duration;

use proc_macro2::{Delimiter, TokenStream};
use syn::Path;
use syn::parse::Parser;

use super::channels::{self, Channel};
use crate::actor::model::{Kind, Retry};
use crate::diag::{self, Sink};
use crate::grammar;
use crate::suggest;
use crate::util::arguments::{Accepts, Argument, Value, parse, plain};
use crate::util::duration;

const ACCEPTS: Accepts = Accepts {
    place: "`#[actor]`",
    keys: &[
        ("name", "name = \"order_processor\""),
        ("kind", "kind = unnamed"),
        ("channels", "channels = [(\"order.events\", handle_order)]"),
        ("stateful", "stateful = false"),
        ("min_pool_size", "min_pool_size = 1"),
        ("max_pool_size", "max_pool_size = 8"),
        ("deactivate_timeout", "deactivate_timeout = \"10s\""),
        ("ask_timeout", "ask_timeout = \"5s\""),
        ("mailbox", "mailbox = 1024"),
        ("retry", "retry = { attempts = 5 }"),
        ("snapshot_timeout", "snapshot_timeout = \"5s\""),
        ("revisions", "revisions = 16"),
        ("tags", "tags = { region = \"eu\" }"),
        ("crate", "crate = my_name_for_spawn"),
    ],
    others: None,
};

/// Where the states of all revisions are is written with every commit of the actor.
const MOST_REVISIONS: u16 = 1024;

const RETRY_ACCEPTS: Accepts = Accepts {
    place: "`retry`",
    keys: &[
        ("attempts", "attempts = 5"),
        ("backoff", "backoff = \"100ms\""),
        ("max_backoff", "max_backoff = \"30s\""),
    ],
    others: None,
};

const TAGS_ACCEPTS: Accepts =
    Accepts { place: "`tags`", keys: &[], others: Some(("region", "\"eu\"")) };

/// The arguments, as far as they make sense; what is not given is `None`.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) channels: Vec<Channel>,
    /// What may be a handler, if something was reported.
    pub(crate) mentioned: Vec<String>,
    pub(crate) stateful: Option<bool>,
    pub(crate) min_pool_size: Option<u32>,
    pub(crate) max_pool_size: Option<u32>,
    pub(crate) deactivate_timeout: Option<Duration>,
    pub(crate) ask_timeout: Option<Duration>,
    pub(crate) mailbox: Option<u32>,
    pub(crate) retry: Option<Retry>,
    pub(crate) snapshot_timeout: Option<Duration>,
    pub(crate) revisions: Option<u16>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) krate: Option<Path>,
    /// Whether something was reported, so that not all that was meant is here.
    pub(crate) faulty: bool,
}

pub(crate) fn arguments(tokens: TokenStream, sink: &mut Sink) -> Arguments {
    let before = sink.len();
    let mut read = Arguments::default();
    let written = tokens.clone();
    let arguments = parse(tokens, &ACCEPTS, sink);
    for argument in &arguments {
        let value = &argument.value;
        match argument.key.to_string().as_str() {
            "name" => read.name = name(value, sink),
            "kind" => read.kind = kind(value, sink),
            "channels" => read.channels = channels::read(value, sink),
            "stateful" => read.stateful = boolean(value, "stateful", sink),
            "deactivate_timeout" => read.deactivate_timeout = length(argument, sink),
            "ask_timeout" => read.ask_timeout = length(argument, sink),
            "min_pool_size" => read.min_pool_size = count(value, "min_pool_size", u32::MAX, sink),
            "max_pool_size" => read.max_pool_size = count(value, "max_pool_size", u32::MAX, sink),
            "mailbox" => read.mailbox = count(value, "mailbox", u32::MAX, sink),
            "retry" => read.retry = retry(value, sink),
            "snapshot_timeout" => read.snapshot_timeout = length(argument, sink),
            "revisions" => read.revisions = count(value, "revisions", MOST_REVISIONS, sink),
            "tags" => read.tags = tags(value, sink),
            _ => read.krate = path(value, sink),
        }
    }
    let given = |key: &str| arguments.iter().find(|argument| argument.key == key);
    for key in ["snapshot_timeout", "revisions"] {
        if let (Some(argument), Some(false)) = (given(key), read.stateful) {
            sink.push(diag::saves_nothing(&argument.key));
        }
    }
    // What is wrong by itself is said already, and leaves the rest open.
    if sink.len() == before {
        pool(&read, given, sink);
    }
    read.faulty = sink.len() > before;
    if read.faulty {
        read.mentioned = channels::mentioned(written);
    }
    read
}

/// What goes together with the kind, and what does not.
fn pool<'a>(read: &Arguments, given: impl Fn(&str) -> Option<&'a Argument>, sink: &mut Sink) {
    let kind = read.kind.unwrap_or(Kind::Named);
    for (key, takes) in
        [("min_pool_size", kind == Kind::Pooled), ("max_pool_size", kind.is_shared())]
    {
        if let (Some(argument), false) = (given(key), takes) {
            sink.push(diag::not_a_pool(&argument.key, kind.name()));
        }
    }
    let most = given("max_pool_size").zip(read.max_pool_size);
    if let (Some((argument, most)), Some(least)) = (most, read.min_pool_size)
        && most < least
    {
        sink.push(diag::pool_shrinks(argument.value.tokens(), least));
    }
    if kind.is_shared() && read.stateful != Some(false) {
        let place = given("stateful").or(given("kind")).map(|argument| argument.value.tokens());
        sink.push(diag::shared_state(place, kind.name()));
    }
}

fn name(value: &Value, sink: &mut Sink) -> Option<String> {
    let Some(name) = value.string() else {
        sink.push(diag::not_a_string(value.tokens(), "name", "order_processor"));
        return None;
    };
    if let Err(fault) = grammar::check_actor_name(&name) {
        sink.push(diag::bad_actor_name(value.tokens(), &name, fault));
        return None;
    }
    Some(name)
}

fn kind(value: &Value, sink: &mut Sink) -> Option<Kind> {
    let kind = value.ident().and_then(|name| Kind::from_name(&name.to_string()));
    if kind.is_none() {
        let written = value.tokens().to_string();
        let near = suggest::nearest(written.trim_matches(['"', ':', ' ']), Kind::NAMES);
        sink.push(diag::unknown_kind(value.tokens(), near, &Kind::NAMES));
    }
    kind
}

fn boolean(value: &Value, key: &str, sink: &mut Sink) -> Option<bool> {
    match value.ident() {
        Some(word) if word == "true" => Some(true),
        Some(word) if word == "false" => Some(false),
        _ => {
            sink.push(diag::not_a_bool(value.tokens(), key));
            None
        }
    }
}

/// A whole number from 1 to `most`.
fn count<N>(value: &Value, key: &str, most: N, sink: &mut Sink) -> Option<N>
where
    N: TryFrom<u64> + Into<u64> + Copy,
{
    let (most, number) = (most.into(), value.number());
    let count = number.filter(|it| (1..=most).contains(it)).and_then(|it| N::try_from(it).ok());
    if count.is_none() {
        sink.push(diag::not_a_count(value.tokens(), key, most));
    }
    count
}

/// `{ attempts = 5, backoff = "100ms" }`
fn retry(value: &Value, sink: &mut Sink) -> Option<Retry> {
    let Some(list) = value.group(Delimiter::Brace) else {
        sink.push(diag::retry_not_a_group(value.tokens()));
        return None;
    };
    let mut retry = Retry::default();
    let arguments = parse(list, &RETRY_ACCEPTS, sink);
    for argument in &arguments {
        match argument.key.to_string().as_str() {
            "attempts" => retry.attempts = count(&argument.value, "attempts", u32::MAX, sink),
            "backoff" => retry.backoff = length(argument, sink),
            _ => retry.max_backoff = length(argument, sink),
        }
    }
    let longest = arguments.iter().find(|argument| argument.key == "max_backoff");
    if let (Some(argument), Some(first), Some(most)) = (longest, retry.backoff, retry.max_backoff)
        && most < first
    {
        sink.push(diag::backoff_shrinks(argument.value.tokens()));
    }
    Some(retry)
}

/// `{ region = "eu" }`
fn tags(value: &Value, sink: &mut Sink) -> Vec<(String, String)> {
    let Some(list) = value.group(Delimiter::Brace) else {
        sink.push(diag::tags_not_a_group(value.tokens()));
        return Vec::new();
    };
    let mut tags = Vec::new();
    for Argument { key, value } in parse(list, &TAGS_ACCEPTS, sink) {
        if let Some(text) = value.string() {
            tags.push((plain(&key), text));
        } else {
            let written = value.tokens().to_string();
            sink.push(diag::not_a_string(value.tokens(), &plain(&key), &written));
        }
    }
    tags
}

/// A duration that is not zero.
pub(crate) fn length(argument: &Argument, sink: &mut Sink) -> Option<Duration> {
    let (key, value) = (argument.key.to_string(), &argument.value);
    let (text, read) = match (value.string(), value.number()) {
        (Some(text), _) => (text.clone(), duration::parse(&text)),
        (None, Some(millis)) => (millis.to_string(), duration::from_millis(millis)),
        (None, None) => {
            sink.push(diag::not_a_duration(value.tokens(), &key));
            return None;
        }
    };
    match read {
        Ok(Duration::ZERO) => sink.push(diag::zero_duration(value.tokens(), &key)),
        Ok(length) => return Some(length),
        Err(fault) => sink.push(diag::bad_duration(value.tokens(), &text, &fault)),
    }
    None
}

fn path(value: &Value, sink: &mut Sink) -> Option<Path> {
    let path = Path::parse_mod_style.parse2(value.tokens()).ok();
    if path.is_none() {
        sink.push(diag::not_a_path(value.tokens()));
    }
    path
}
