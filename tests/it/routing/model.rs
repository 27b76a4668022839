//! The rules of routing, as simple as they can be written.

use std::collections::{BTreeMap, BTreeSet};

use super::zoo::{Flavour, Species};
use super::{Handled, Kind};

/// What has to be handled, by id; of a pool, in any order.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) in_order: Handled,
    pub(super) in_any_order: Handled,
}

pub(super) struct Model<'a> {
    species: &'a [&'static Species],
    externals: &'a [Vec<String>],
    streams: Vec<String>,
    /// The ids that were touched, which every unnamed actor has an instance of.
    touched: BTreeSet<u64>,
    expected: Expected,
}

pub(super) fn external(place: usize) -> String {
    format!("external {place}")
}

pub(super) fn stream(place: usize) -> String {
    format!("stream {place}")
}

impl<'a> Model<'a> {
    pub(super) fn new(species: &'a [&'static Species], externals: &'a [Vec<String>]) -> Self {
        let (streams, touched, expected) = Default::default();
        Self { species, externals, streams, touched, expected }
    }

    pub(super) fn touch(&mut self, key: u64) {
        self.touched.insert(key);
    }

    pub(super) fn listen(&mut self, pattern: &str) {
        self.streams.push(pattern.to_owned());
    }

    pub(super) fn publish(&mut self, channel: &str, kind: Kind, key: u64, number: u64) {
        let Expected { in_order, in_any_order } = &mut self.expected;
        let note = |handled: &mut BTreeMap<_, Vec<_>>, id: String, action: &str| {
            handled.entry(id).or_default().push((action.to_owned(), number));
        };
        for species in self.species {
            for (pattern, action) in species.entries {
                if !matches(pattern, channel) || !takes(action, kind) {
                    continue;
                }
                let name = species.name;
                match species.flavour {
                    Flavour::Named => note(in_order, name.to_owned(), action),
                    Flavour::Unnamed => {
                        for key in &self.touched {
                            note(in_order, format!("{name}/{key}"), action);
                        }
                    }
                    Flavour::Routed => {
                        let instance = match (*action, kind) {
                            ("any", _) => channel.to_owned(),
                            (_, Kind::Beta) => format!("beta-{key}"),
                            _ => key.to_string(),
                        };
                        note(in_order, format!("{name}/{instance}"), action);
                    }
                    Flavour::Pooled => note(in_any_order, name.to_owned(), action),
                }
            }
        }
        for (patterns, place) in self.externals.iter().zip(0..) {
            if patterns.iter().any(|pattern| matches(pattern, channel)) {
                note(in_order, external(place), "receive");
            }
        }
        for (pattern, place) in self.streams.iter().zip(0..) {
            if matches(pattern, channel) {
                note(in_order, stream(place), "next");
            }
        }
    }

    pub(super) fn expected(self) -> Expected {
        self.expected
    }
}

/// Whether an action of the zoo has a clause for the event.
fn takes(action: &str, kind: Kind) -> bool {
    match action {
        "alphas" => kind == Kind::Alpha,
        "both" => kind != Kind::Gamma,
        _ => true,
    }
}

fn matches(pattern: &str, channel: &str) -> bool {
    fn tokens(pattern: &[&str], channel: &[&str]) -> bool {
        match (pattern, channel) {
            ([], []) | ([">"], [_, ..]) => true,
            ([first, pattern @ ..], [token, channel @ ..]) => {
                (*first == "*" || first == token) && tokens(pattern, channel)
            }
            _ => false,
        }
    }
    let [pattern, channel] = [pattern, channel].map(|it| it.split('.').collect::<Vec<_>>());
    tokens(&pattern, &channel)
}
