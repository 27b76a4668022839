//! A definition as a table for people.

use std::fmt;

use crate::definition::{ChannelDefinition, ClauseDefinition, Definition};
use crate::message::TypeName;

/// The row of the channels that are published to.
const PUBLISHES: &str = "publishes";

/// What stands where there is nothing.
const NOTHING: &str = "-";

impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_stateful() { "stateful" } else { "stateless" };
        writeln!(f, "{}: {}, {state}, {}", self.name(), self.kind(), self.type_name())?;
        let mut rows = Vec::new();
        for (place, action) in self.actions().iter().enumerate() {
            if place == 0 {
                rows.push(["action", "payload", "response"].map(str::to_owned));
            }
            for (place, clause) in action.clauses().iter().enumerate() {
                let name = if place == 0 { action.name() } else { "" };
                rows.push([format!("  {name}"), payload(clause), response(clause)]);
            }
        }
        for (place, channel) in self.channels().iter().enumerate() {
            if place == 0 {
                rows.push(["channel", "action", "options"].map(str::to_owned));
            }
            let pattern = format!("  {}", channel.pattern());
            rows.push([pattern, channel.action().to_owned(), options(channel)]);
        }
        let timers =
            self.actions().iter().filter_map(|action| Some((action.name(), action.timer()?)));
        for (place, (action, every)) in timers.enumerate() {
            if place == 0 {
                rows.push(["timer", "every", ""].map(str::to_owned));
            }
            rows.push([format!("  {action}"), format!("{every:?}"), String::new()]);
        }
        if !self.publishes().is_empty() {
            rows.push([PUBLISHES.to_owned(), self.publishes().join(", "), String::new()]);
        }
        write_aligned(f, &rows)
    }
}

fn payload(clause: &ClauseDefinition) -> String {
    clause.payload().map_or_else(|| "any".to_owned(), name)
}

fn response(clause: &ClauseDefinition) -> String {
    let name = name(clause.response());
    if clause.is_optional() { format!("{name} or nothing") } else { name }
}

fn name(of: TypeName<'static>) -> String {
    if of == TypeName::of::<()>() { NOTHING.to_owned() } else { of.to_string() }
}

fn options(channel: &ChannelDefinition) -> String {
    let all = [
        (channel.is_from_start(), "from = start"),
        (channel.wakes_eagerly(), "wake = eager"),
        (channel.is_routed(), "routed"),
    ];
    let said: Vec<_> = all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    if said.is_empty() { NOTHING.to_owned() } else { said.join(", ") }
}

/// A line for each row, with an indent: two columns as wide as their widest cell, and what is left.
fn write_aligned(f: &mut fmt::Formatter<'_>, rows: &[[String; 3]]) -> fmt::Result {
    let width = |column: usize| {
        // What spans the columns does not widen them.
        let cells = rows.iter().filter(|row| row[0] != PUBLISHES).map(|row| &row[column]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let (first, second) = (width(0).max(PUBLISHES.len()), width(1));
    for [a, b, c] in rows {
        let line = format!("  {a:first$}  {b:second$}  {c}");
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}
