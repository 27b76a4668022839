//! Who listens to which channel, as a picture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use super::Definitions;
use crate::actor::Kind;
use crate::channel::{Channel, Pattern};

/// The actors, the external subscribers and the channels of a system; from [`System::topology`](crate::System::topology).
///
/// What it says of publishing is what [`Definition::publishes`](crate::Definition::publishes) says: where an action may publish. Channels that are
/// constants or computed, and what is published from outside of actors, are not in it. Streams are not either.
#[derive(Clone, Debug)]
pub struct Topology {
    definitions: Definitions,
    listeners: Vec<Listener>,
}

/// An external subscriber.
#[derive(Clone, Debug)]
pub(crate) struct Listener {
    /// Its own name, or that of its type.
    pub(crate) name: String,
    pub(crate) patterns: Vec<Pattern>,
    /// Whether how far it is lasts.
    pub(crate) is_durable: bool,
}

impl Topology {
    pub(crate) fn new(definitions: Definitions, listeners: Vec<Listener>) -> Self {
        Self { definitions, listeners }
    }

    /// A [Mermaid](https://mermaid.js.org) flowchart, for a page of documentation.
    ///
    /// A rectangle is a named actor, one with double sides an unnamed one, a hexagon a channel or a pattern, a rounded shape an
    /// external subscriber. A solid arrow from a channel is a subscription, with the action that handles the events on it; a dotted one into a
    /// channel is a publication; a thick one goes from a channel to a pattern that stands for it. The same system gives the same text.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Orders;
    /// # #[derive(Default)] pub struct Mailer;
    /// #[actor(stateful = false)]
    /// impl Orders {
    ///     #[action]
    ///     fn create(&self, order: String) -> Value<()> {
    ///         Value::of().broadcast(Broadcast::to("order.created", order))
    ///     }
    /// }
    ///
    /// #[actor(stateful = false, channels = [("order.created", write)])]
    /// impl Mailer {
    ///     #[action]
    ///     fn write(&self, order: String) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("shop").in_memory().only::<(Orders, Mailer)>().start().await?;
    /// assert_eq!(system.topology()?.to_mermaid(), "\
    /// flowchart LR
    ///     a0[\"mailer\"]
    ///     a1[\"orders\"]
    ///     c0{{\"order.created\"}}
    ///     c0 -->|\"write\"| a0
    ///     a1 -.-> c0
    /// ");
    /// # Ok(()) }
    /// ```
    pub fn to_mermaid(&self) -> String {
        let mut text = "flowchart LR\n".to_owned();
        // Writing to a `String` does not fail.
        let _written = self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) -> fmt::Result {
        let Graph { nodes, edges } = self.graph();
        for Node { id, name, shape } in nodes {
            let (open, close) = match shape {
                Shape::Actor(Kind::Named) => ("[", "]"),
                Shape::Actor(Kind::Unnamed) => ("[[", "]]"),
                Shape::Actor(Kind::Pooled | Kind::Task) => ("[/", "/]"),
                Shape::Subscriber => ("([", "])"),
                Shape::Channel => ("{{", "}}"),
            };
            writeln!(to, "    {id}{open}{}{close}", Label(name))?;
        }
        for Edge { from, to: end, link } in edges {
            match link {
                Link::Handled(action) => writeln!(to, "    {from} -->|{}| {end}", Label(action))?,
                Link::Received => writeln!(to, "    {from} --> {end}")?,
                Link::Published => writeln!(to, "    {from} -.-> {end}")?,
                Link::StandsFor => writeln!(to, "    {from} ==> {end}")?,
            }
        }
        Ok(())
    }

    /// What is drawn.
    pub(crate) fn graph(&self) -> Graph<'_> {
        let channels = self.channels();
        let mut graph = Graph { nodes: Vec::new(), edges: Vec::new() };
        for (actor, definition) in self.definitions.iter().enumerate() {
            graph.add('a', actor, definition.name(), Shape::Actor(definition.kind()));
        }
        for (place, listener) in self.listeners.iter().enumerate() {
            graph.add('s', place, &listener.name, Shape::Subscriber);
        }
        for (name, channel) in &channels {
            graph.add('c', *channel, name, Shape::Channel);
        }
        for (actor, definition) in self.definitions.iter().enumerate() {
            for entry in definition.channels() {
                let channel = channels[entry.pattern()];
                graph.link(('c', channel), ('a', actor), Link::Handled(entry.action()));
            }
        }
        for (place, listener) in self.listeners.iter().enumerate() {
            for pattern in &listener.patterns {
                graph.link(('c', channels[pattern.as_str()]), ('s', place), Link::Received);
            }
        }
        for (actor, definition) in self.definitions.iter().enumerate() {
            for channel in definition.publishes() {
                graph.link(('a', actor), ('c', channels[channel]), Link::Published);
            }
        }
        for (name, channel) in &channels {
            let Ok(name) = Channel::parse((*name).to_owned()) else { continue };
            for (pattern, place) in channels.iter().filter(|(_, place)| *place != channel) {
                if Pattern::parse((*pattern).to_owned()).is_ok_and(|it| it.matches(&name)) {
                    graph.link(('c', *channel), ('c', *place), Link::StandsFor);
                }
            }
        }
        graph
    }

    /// Each channel and pattern, with its number in the picture.
    fn channels(&self) -> BTreeMap<&str, usize> {
        let mut names = BTreeSet::<&str>::new();
        for definition in self.definitions.iter() {
            names.extend(definition.publishes());
            for entry in definition.channels() {
                names.insert(entry.pattern());
            }
        }
        for pattern in self.listeners.iter().flat_map(|listener| &listener.patterns) {
            names.insert(pattern.as_str());
        }
        names.into_iter().zip(0..).collect()
    }
}

/// What a topology is as a picture.
pub(crate) struct Graph<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) edges: Vec<Edge>,
}

pub(crate) struct Node<'a> {
    /// A letter and a number.
    pub(crate) id: String,
    pub(crate) name: &'a str,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Actor(Kind),
    Subscriber,
    /// Or a pattern.
    Channel,
}

/// An arrow between two nodes.
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) link: Link,
}

#[derive(Clone, Copy)]
pub(crate) enum Link {
    /// The action of an actor handles the events of a channel.
    Handled(&'static str),
    /// An external subscriber gets the events of a channel.
    Received,
    /// An actor publishes to a channel.
    Published,
    /// A pattern stands for a channel.
    StandsFor,
}

impl<'a> Graph<'a> {
    fn add(&mut self, letter: char, number: usize, name: &'a str, shape: Shape) {
        self.nodes.push(Node { id: format!("{letter}{number}"), name, shape });
    }

    fn link(&mut self, from: (char, usize), to: (char, usize), link: Link) {
        let [from, to] = [from, to].map(|(letter, number)| format!("{letter}{number}"));
        self.edges.push(Edge { from, to, link });
    }
}

/// Text in quotes. What could mean something to Mermaid is written by its number.
struct Label<'a>(&'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            if character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':' | '/') {
                f.write_char(character)?;
            } else {
                write!(f, "#{};", u32::from(character))?;
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Mermaid shows for a label; `None` if it is not one piece of quoted text.
    fn shown(label: &str) -> Option<String> {
        let mut rest = label.strip_prefix('"')?.strip_suffix('"')?.chars();
        let mut shown = String::new();
        while let Some(character) = rest.next() {
            if character == '#' {
                let (number, after) = rest.as_str().split_once(';')?;
                shown.push(char::from_u32(number.parse().ok()?)?);
                rest = after.chars();
            } else if character.is_alphanumeric() || "_-.:/".contains(character) {
                shown.push(character);
            } else {
                return None;
            }
        }
        Some(shown)
    }

    #[test]
    fn what_could_mean_something_is_a_number() {
        assert_eq!(Label("order.*").to_string(), "\"order.#42;\"");
        assert_eq!(
            Label("app::Bridge<\"x\"> %%{#35;}%% `").to_string(),
            "\"app::Bridge#60;#34;x#34;#62;#32;#37;#37;#123;#35;35#59;#125;#37;#37;#32;#96;\""
        );
    }

    proptest! {
        #[test]
        fn a_label_is_one_piece_of_plain_text(name in any::<String>()) {
            let label = Label(&name).to_string();
            prop_assert_eq!(shown(&label), Some(name));
        }

        #[test]
        fn a_picture_has_only_what_it_says(
            listeners in prop::collection::vec((any::<String>(), prop::collection::vec("[a-z*]{1,3}(\\.[a-z]{1,2})?", 0..3)), 0..4),
        ) {
            let listeners: Vec<_> = listeners
                .into_iter()
                .map(|(name, patterns)| Listener {
                    name,
                    patterns: patterns.into_iter().filter_map(|it| Pattern::parse(it).ok()).collect(),
                    is_durable: false,
                })
                .collect();
            let topology = Topology::new(Definitions::new(Vec::new()), listeners);
            let text = topology.to_mermaid();
            let (first, rest) = text.split_once('\n').unwrap();
            prop_assert_eq!(first, "flowchart LR");
            for line in rest.lines() {
                let quoted: Vec<_> = line.split('"').collect();
                let bare = line.trim();
                let is_arrow = |it: &str| matches!(it, "-->" | "==>");
                let is_place = |it: &str| it.trim_start_matches(['c', 's']).parse::<u32>().is_ok();
                let is_edge = quoted.len() == 1
                    && bare.split(' ').all(|it| is_arrow(it) || is_place(it));
                let is_node = quoted.len() == 3 && shown(&format!("\"{}\"", quoted[1])).is_some();
                prop_assert!(is_edge || is_node, "{line}");
            }
        }
    }
}
