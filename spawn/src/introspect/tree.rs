//! What a system consists of, as a tree.

use std::fmt;

use super::{Definitions, Listener};
use crate::actor::Kind;
use crate::definition::Definition;

/// A system with everything that it supervises; from [`System::tree`](crate::System::tree). `Display` draws it:
///
/// ```text
/// shop
/// ├─ store: SQLite, in /var/lib/shop/spawn.db
/// ├─ named
/// │  └─ orders, durable
/// │     ├─ order.paid -> settle
/// │     └─ every 30s -> remind
/// └─ external subscribers
///    └─ webhook, durable
///       └─ order.>
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    name: String,
    store: String,
    definitions: Definitions,
    listeners: Vec<Listener>,
}

/// A line, and what is below it.
struct Node {
    text: String,
    below: Vec<Node>,
}

impl Tree {
    pub(crate) fn new(
        name: String,
        store: String,
        definitions: Definitions,
        listeners: Vec<Listener>,
    ) -> Self {
        Self { name, store, definitions, listeners }
    }

    fn nodes(&self) -> Vec<Node> {
        let mut all = vec![Node { text: format!("store: {}", self.store), below: Vec::new() }];
        for kind in [Kind::Named, Kind::Unnamed, Kind::Pooled, Kind::Task] {
            let actors = self.definitions.iter().filter(|it| it.kind() == kind);
            let below: Vec<_> = actors.map(|it| actor(it)).collect();
            if !below.is_empty() {
                all.push(Node { text: kind.to_string(), below });
            }
        }
        if !self.listeners.is_empty() {
            let below = self.listeners.iter().map(listener).collect();
            all.push(Node { text: "external subscribers".to_owned(), below });
        }
        all
    }
}

fn leaf(text: String) -> Node {
    Node { text, below: Vec::new() }
}

fn actor(definition: &Definition) -> Node {
    let lasts = match (definition.is_stateful(), definition.snapshot_timeout()) {
        (false, _) => "stateless".to_owned(),
        (true, None) => "durable".to_owned(),
        (true, Some(later)) => format!("durable, saved after {later:?}"),
    };
    let entries =
        definition.channels().iter().map(|it| leaf(format!("{} -> {}", it.pattern(), it.action())));
    let timers = definition
        .actions()
        .iter()
        .filter_map(|it| Some(leaf(format!("every {:?} -> {}", it.timer()?, it.name()))));
    Node { text: format!("{}, {lasts}", definition.name()), below: entries.chain(timers).collect() }
}

fn listener(listener: &Listener) -> Node {
    let lasts = if listener.is_durable { "durable" } else { "transient" };
    let below = listener.patterns.iter().map(|it| leaf(it.to_string())).collect();
    Node { text: format!("{}, {lasts}", listener.name), below }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        write_below(f, &self.nodes(), "")
    }
}

/// Each node on a line, behind what connects it with those above.
fn write_below(f: &mut fmt::Formatter<'_>, nodes: &[Node], before: &str) -> fmt::Result {
    let last = nodes.len().saturating_sub(1);
    for (place, node) in nodes.iter().enumerate() {
        let (here, below) = if place == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        write!(f, "\n{before}{here}{}", node.text)?;
        write_below(f, &node.below, &format!("{before}{below}"))?;
    }
    Ok(())
}
