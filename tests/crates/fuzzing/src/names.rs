//! Names of actors, ids, actions and types, and durations.

use std::time::Duration;

use spawn::{ActorId, TypeName};

/// What the macros and the runtime share.
#[path = "../../../../spawn-macros/src/grammar.rs"]
#[cfg_attr(not(test), expect(dead_code, reason = "channels are tried through the runtime"))]
mod grammar;

/// What the macros read of `"30s"`.
#[path = "../../../../spawn-macros/src/util/duration.rs"]
mod duration;

/// The text before the first line's end is one name, and what follows another.
pub fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    actors(one);
    ids(one);
    actions(one, other);
    types(one);
    durations(one);
}

fn actors(name: &str) {
    let belongs = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    let is_name = (1..=128).contains(&name.len()) && name.chars().all(belongs);
    match grammar::check_actor_name(name) {
        Ok(()) => assert!(is_name, "{name:?}"),
        Err(fault) => assert!(!is_name && !fault.to_string().is_empty(), "{name:?} {fault}"),
    }
}

fn ids(text: &str) {
    let Ok(id) = ActorId::parse(text) else { return };
    assert_eq!(id.as_str(), text);
    let said = match id.instance() {
        Some(instance) => format!("{}/{instance}", id.name()),
        None => id.name().to_owned(),
    };
    assert_eq!(said, text);
    assert!(grammar::check_actor_name(id.name()).is_ok(), "{text:?}");
    assert!(!text.chars().any(char::is_control) && text.len() <= 128 + 1 + 512, "{text:?}");
}

fn actions(one: &str, other: &str) {
    let snake = |name: &str| grammar::snake_case(name).collect::<String>();
    let (first, second) = (snake(one), snake(other));
    assert!(grammar::same_action(one, one));
    assert_eq!(grammar::same_action(one, other), first == second);
    assert_eq!(grammar::same_action(one, other), grammar::same_action(other, one));
    if one.is_ascii() {
        assert_eq!(snake(&first), first, "{one:?}");
        assert!(grammar::same_action(&first, one));
    }
}

fn types(text: &str) {
    let name = TypeName::parse(text);
    let said = name.to_string();
    assert_eq!(TypeName::parse(&said), name, "{text:?}");
    let url = format!("type.googleapis.com/{said}");
    if !said.starts_with("spawn.json.") && !said.contains('/') {
        assert_eq!(TypeName::parse(&url), name, "{text:?}");
    }
}

fn durations(text: &str) {
    let Ok(read) = duration::parse(text) else { return };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let unit = text.trim_start_matches(|it: char| it.is_ascii_digit() || it == '_').trim_start();
    let found = duration::UNITS.iter().find(|(name, _)| *name == unit);
    let length = u128::from(found.expect("only these units are read").1);
    let number: u128 = digits.parse().expect("it has a number that is not too large");
    assert_eq!(read.as_millis(), number * length, "{text:?}");
    assert!(read <= Duration::from_hours(24 * 36_525), "{text:?}");
    assert_eq!(duration::parse(&format!("{}ms", read.as_millis())), Ok(read));
    let millis = u64::try_from(read.as_millis()).expect("it is not that long");
    assert_eq!(duration::from_millis(millis), Ok(read));
}
