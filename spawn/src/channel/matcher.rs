//! From a channel to the subscriptions that want its events, without a look at the others.

use hashbrown::HashMap;
use smallvec::SmallVec;

use super::{Channel, Pattern};

/// Values by pattern. Finding those of a channel takes one step for each of its tokens and each wildcard on the way, however
/// many patterns there are.
#[derive(Debug)]
pub(crate) struct Matcher<V> {
    root: Node<V>,
    /// How many values were ever inserted; orders what is found.
    inserted: u64,
}

#[derive(Debug)]
struct Node<V> {
    tokens: HashMap<String, Node<V>>,
    star: Option<Box<Node<V>>>,
    here: Vec<(u64, V)>,
    rest: Vec<(u64, V)>,
}

impl<V> Default for Node<V> {
    fn default() -> Self {
        Self { tokens: HashMap::new(), star: None, here: Vec::new(), rest: Vec::new() }
    }
}

impl<V> Default for Matcher<V> {
    fn default() -> Self {
        Self { root: Node::default(), inserted: 0 }
    }
}

impl<V> Matcher<V> {
    /// Adds `value` under `pattern`, beside whatever is there.
    pub(crate) fn insert(&mut self, pattern: &Pattern, value: V) {
        self.inserted += 1;
        let mut node = &mut self.root;
        for token in pattern.as_str().split('.') {
            node = match token {
                ">" => return node.rest.push((self.inserted, value)),
                "*" => node.star.get_or_insert_default(),
                token => node.tokens.entry_ref(token).or_default(),
            };
        }
        node.here.push((self.inserted, value));
    }

    /// Removes the values under `pattern` for which `remove` says so.
    pub(crate) fn remove(&mut self, pattern: &Pattern, mut remove: impl FnMut(&V) -> bool) {
        Self::remove_below(&mut self.root, pattern.as_str().split('.'), &mut remove);
    }

    fn remove_below<'a>(
        node: &mut Node<V>,
        mut tokens: impl Iterator<Item = &'a str>,
        remove: &mut impl FnMut(&V) -> bool,
    ) {
        match tokens.next() {
            None => node.here.retain(|(_, value)| !remove(value)),
            Some(">") => node.rest.retain(|(_, value)| !remove(value)),
            Some("*") => {
                if let Some(star) = &mut node.star {
                    Self::remove_below(star, tokens, remove);
                    if star.is_empty() {
                        node.star = None;
                    }
                }
            }
            Some(token) => {
                if let Some(next) = node.tokens.get_mut(token) {
                    Self::remove_below(next, tokens, remove);
                    if next.is_empty() {
                        node.tokens.remove(token);
                    }
                }
            }
        }
    }

    /// The values whose pattern matches `channel`, in the order in which they were inserted.
    pub(crate) fn find<'a>(&'a self, channel: &Channel) -> Found<'a, V> {
        let mut found = SmallVec::new();
        self.root.find(channel.as_str(), &mut found);
        found.sort_unstable_by_key(|&(order, _)| order);
        found
    }

    /// Removes everything, and gives each value to `ended`.
    pub(crate) fn clear(&mut self, mut ended: impl FnMut(V)) {
        let mut nodes = vec![std::mem::take(&mut self.root)];
        while let Some(node) = nodes.pop() {
            node.here.into_iter().chain(node.rest).for_each(|(_, value)| ended(value));
            nodes.extend(node.tokens.into_values());
            nodes.extend(node.star.map(|star| *star));
        }
    }
}

/// What matches, each with its place in the order of insertion.
pub(crate) type Found<'a, V> = SmallVec<[(u64, &'a V); 8]>;

impl<V> Node<V> {
    fn is_empty(&self) -> bool {
        self.tokens.is_empty()
            && self.star.is_none()
            && self.here.is_empty()
            && self.rest.is_empty()
    }

    fn find<'a>(&'a self, name: &str, found: &mut Found<'a, V>) {
        add(found, &self.rest);
        let (token, rest) = first_token(name);
        for node in [self.tokens.get(token), self.star.as_deref()].into_iter().flatten() {
            match rest {
                Some(rest) => node.find(rest, found),
                None => add(found, &node.here),
            }
        }
    }
}

/// The first token of a name, and the others. Tokens are short: to go through them is faster than what the standard
/// library does to find a character in a long text.
fn first_token(name: &str) -> (&str, Option<&str>) {
    match name.bytes().position(|byte| byte == b'.') {
        Some(dot) => {
            let (token, rest) = name.split_at(dot);
            (token, rest.get(1..))
        }
        None => (name, None),
    }
}

/// One by one: mostly there is none or one, and to add a list to another begins with what its length may come to.
fn add<'a, V>(found: &mut Found<'a, V>, values: &'a [(u64, V)]) {
    for (order, value) in values {
        found.push((*order, value));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::channel::IntoChannel;

    fn found(matcher: &Matcher<u32>, channel: &'static str) -> Vec<u32> {
        matcher.find(&Channel::new(channel)).into_iter().map(|(_, value)| *value).collect()
    }

    #[test]
    fn finds_names_and_wildcards_in_order_of_insertion() {
        let mut matcher = Matcher::default();
        let patterns = ["a.b", ">", "a.*", "a.>", "*.b", "a.b.c", "*", "a.b"];
        for (value, pattern) in (0..).zip(patterns) {
            matcher.insert(&Pattern::parse(pattern).unwrap(), value);
        }
        assert_eq!(found(&matcher, "a.b"), [0, 1, 2, 3, 4, 7]);
        assert_eq!(found(&matcher, "a"), [1, 6]);
        assert_eq!(found(&matcher, "a.b.c"), [1, 3, 5]);
        assert_eq!(found(&matcher, "x.y.z"), [1]);
    }

    /// Few tokens, so that many match.
    fn names() -> impl Strategy<Value = String> {
        prop::collection::vec("[ab]", 1..5).prop_map(|tokens| tokens.join("."))
    }

    fn patterns() -> impl Strategy<Value = String> {
        let tokens = prop::collection::vec(prop_oneof!["[ab]", Just("*".to_owned())], 1..5);
        (tokens, any::<bool>()).prop_map(|(mut tokens, rest)| {
            if rest {
                tokens.push(">".to_owned());
            }
            tokens.join(".")
        })
    }

    proptest! {
        #[test]
        fn finds_what_each_pattern_says(
            patterns in prop::collection::vec(patterns(), 0..30),
            removed in prop::collection::vec(any::<bool>(), 30),
            names in prop::collection::vec(names(), 1..10),
        ) {
            let patterns: Vec<_> =
                patterns.into_iter().map(|pattern| Pattern::parse(pattern).unwrap()).collect();
            let mut matcher = Matcher::default();
            for (value, pattern) in patterns.iter().enumerate() {
                matcher.insert(pattern, value);
            }
            for (value, pattern) in patterns.iter().enumerate().filter(|(value, _)| removed[*value]) {
                matcher.remove(pattern, |it| *it == value);
            }
            for name in names {
                let channel = name.into_channel().unwrap();
                let found: Vec<_> =
                    matcher.find(&channel).into_iter().map(|(_, value)| *value).collect();
                let left = patterns.iter().enumerate().filter(|(value, _)| !removed[*value]);
                let expected: Vec<_> = left
                    .filter(|(_, pattern)| pattern.matches(&channel))
                    .map(|(value, _)| value)
                    .collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn what_is_removed_leaves_nothing_behind() {
        let mut matcher = Matcher::default();
        let patterns = ["a.b.c", "a.*.c", "a.>", "x"].map(|text| Pattern::parse(text).unwrap());
        for (value, pattern) in (0..).zip(&patterns) {
            matcher.insert(pattern, value);
        }
        matcher.remove(&patterns[0], |value| *value == 99);
        assert_eq!(found(&matcher, "a.b.c"), [0, 1, 2]);
        for pattern in &patterns {
            matcher.remove(pattern, |_| true);
        }
        assert!(matcher.root.is_empty());
    }
}
