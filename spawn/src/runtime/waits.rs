//! Who waits for whom, and whether a further wait would close a circle. Without I/O, and without a lock of its own.

use std::hash::Hash;

use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

/// The waits of a system: a graph with an edge for each call that an action waits for.
///
/// Every path of edges is a chain of actors of which none goes on before the last one does, so that a circle never ends.
#[derive(Debug)]
pub(crate) struct Waits<K> {
    /// Who each actor waits for; no entry is empty.
    edges: HashMap<K, Edges<K>>,
    /// Those of whom whoever waits waits for any one of several.
    members: HashMap<K, Vec<K>>,
    /// The newest edge.
    last: Ticket,
}

/// Nearly every action waits for one call at a time.
type Edges<K> = SmallVec<[(Ticket, K); 1]>;

/// One edge: an actor may wait for another one several times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

impl<K> Default for Waits<K> {
    fn default() -> Self {
        Self { edges: HashMap::new(), members: HashMap::new(), last: Ticket::default() }
    }
}

impl<K: Clone + Eq + Hash> Waits<K> {
    /// Notes that `from` waits for `to`.
    pub(crate) fn add(&mut self, from: &K, to: &K) -> Ticket {
        self.last.0 += 1;
        self.edges.entry_ref(from).or_default().push((self.last, to.clone()));
        self.last
    }

    /// An edge of `from` leads to `to` from here on, if it is still there.
    pub(crate) fn redirect(&mut self, from: &K, ticket: Ticket, to: &K) {
        let edges = self.edges.get_mut(from).into_iter().flatten();
        for edge in edges.filter(|(it, _)| *it == ticket) {
            edge.1 = to.clone();
        }
    }

    /// Who waits for `any` goes on as soon as one of the members does.
    pub(crate) fn know_members(&mut self, any: &K, members: impl FnOnce() -> Vec<K>) {
        self.members.entry_ref(any).or_insert_with(members);
    }

    /// Forgets an edge of `from`, if it is still there.
    pub(crate) fn remove(&mut self, from: &K, ticket: Ticket) {
        let Some(edges) = self.edges.get_mut(from) else { return };
        if let Some(place) = edges.iter().position(|(it, _)| *it == ticket) {
            edges.swap_remove(place);
        }
        if edges.is_empty() {
            self.edges.remove(from);
        }
    }

    /// Forgets all edges of `from`.
    pub(crate) fn clear(&mut self, from: &K) {
        self.edges.remove(from);
    }

    /// The circle that `from` is in if it waits for `to`, whether that edge is there or not: `from`, `to`, and so on to `from`.
    pub(crate) fn circle(&self, from: &K, to: &K) -> Option<Vec<K>> {
        if from == to {
            return Some(vec![from.clone(), to.clone()]);
        }
        if !self.edges.contains_key(to) && !self.members.contains_key(to) {
            return None;
        }
        let circle = self.way(from, to, |_| true)?;
        if !circle.iter().any(|actor| self.members.contains_key(actor)) {
            return Some(circle);
        }
        // One member that waits for `from` is not all of them.
        let stuck = self.stuck(from, to);
        self.way(from, to, |actor| stuck.contains(actor))
    }

    /// A way from `from` over `to` back to `from` on which everyone is `open`.
    fn way(&self, from: &K, to: &K, open: impl Fn(&K) -> bool) -> Option<Vec<K>> {
        if !open(to) {
            return None;
        }
        // Depth first. `path` is the way from `to` to here, with what is left to be looked at of each actor on it.
        let mut seen: HashSet<&K> = HashSet::new();
        seen.insert(to);
        let mut path = vec![(to, self.next_to(to))];
        while let Some((_, left)) = path.last_mut() {
            match left.next() {
                None => {
                    path.pop();
                }
                Some(next) if next == from => {
                    let way = path.iter().map(|(actor, _)| *actor);
                    return Some([from].into_iter().chain(way).chain([from]).cloned().collect());
                }
                Some(next) => {
                    if open(next) && seen.insert(next) {
                        path.push((next, self.next_to(next)));
                    }
                }
            }
        }
        None
    }

    /// Those among whom `to` waits that do not go on before `from` does.
    fn stuck<'a>(&'a self, from: &K, to: &'a K) -> HashSet<&'a K> {
        let mut reached: Vec<&K> = vec![to];
        let mut seen: HashSet<&K> = HashSet::from_iter([to]);
        let mut place = 0;
        while let Some(actor) = reached.get(place) {
            place += 1;
            let new: Vec<_> = self.next_to(actor).filter(|next| seen.insert(next)).collect();
            reached.extend(new);
        }
        // Who goes on sooner or later: who waits for nobody, and whoever waits only for those.
        let mut free: HashSet<&K> = HashSet::new();
        loop {
            let goes_on = |actor: &&K| match self.members.get(*actor) {
                _ if *actor == from || free.contains(*actor) => false,
                Some(members) => members.iter().any(|member| free.contains(member)),
                None => self.waits_of(actor).iter().all(|(_, next)| free.contains(next)),
            };
            let more: Vec<&K> = reached.iter().copied().filter(goes_on).collect();
            if more.is_empty() {
                return reached.into_iter().filter(|actor| !free.contains(*actor)).collect();
            }
            free.extend(more);
        }
    }

    fn waits_of(&self, actor: &K) -> &[(Ticket, K)] {
        self.edges.get(actor).map(SmallVec::as_slice).unwrap_or_default()
    }

    /// Who has to go on before `actor` does, or may have to.
    fn next_to(&self, actor: &K) -> impl Iterator<Item = &K> {
        let members = self.members.get(actor).map(Vec::as_slice).unwrap_or_default();
        self.waits_of(actor).iter().map(|(_, next)| next).chain(members)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_circle_is_told_from_the_one_who_closes_it() {
        let mut waits = Waits::default();
        assert_eq!(waits.circle(&'a', &'a'), Some(vec!['a', 'a']));
        assert_eq!(waits.circle(&'a', &'b'), None);
        waits.add(&'b', &'c');
        let last = waits.add(&'c', &'d');
        assert_eq!(waits.circle(&'a', &'b'), None);
        assert_eq!(waits.circle(&'d', &'b'), Some(vec!['d', 'b', 'c', 'd']));
        assert_eq!(waits.circle(&'d', &'c'), Some(vec!['d', 'c', 'd']));
        waits.remove(&'c', last);
        assert_eq!(waits.circle(&'d', &'b'), None);
    }

    #[test]
    fn two_waits_for_the_same_actor_are_two() {
        let mut waits = Waits::default();
        let (first, second) = (waits.add(&1, &2), waits.add(&1, &2));
        waits.remove(&1, first);
        waits.remove(&1, first);
        assert!(waits.circle(&2, &1).is_some());
        waits.remove(&1, second);
        assert!(waits.circle(&2, &1).is_none());
        assert!(waits.edges.is_empty(), "what nobody waits for takes no room");
    }

    #[test]
    fn an_end_of_a_run_forgets_its_waits() {
        let mut waits = Waits::default();
        let ticket = waits.add(&1, &2);
        waits.add(&1, &3);
        waits.clear(&1);
        assert!(waits.circle(&2, &1).is_none() && waits.circle(&3, &1).is_none());
        let later = waits.add(&1, &2);
        waits.remove(&1, ticket);
        assert!(waits.circle(&2, &1).is_some(), "the wait of an earlier run takes no other's away");
        waits.remove(&1, later);
    }

    #[test]
    fn who_waits_for_any_of_several_waits_for_the_last_of_them() {
        let mut waits = Waits::default();
        waits.know_members(&"pool", || vec!["pool/1", "pool/2"]);
        waits.add(&"a", &"pool");
        assert_eq!(waits.circle(&"pool/1", &"a"), None, "the other one may be idle soon");
        waits.add(&"pool/1", &"a");
        assert_eq!(waits.circle(&"pool/2", &"b"), None);
        assert_eq!(waits.circle(&"pool/2", &"a"), Some(vec!["pool/2", "a", "pool", "pool/2"]));
        // A call that a member has taken waits for that one.
        let ticket = waits.add(&"c", &"pool");
        waits.redirect(&"c", ticket, &"pool/2");
        assert_eq!(waits.circle(&"pool/2", &"c"), Some(vec!["pool/2", "c", "pool/2"]));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Add(u8, u8),
        Remove(usize),
        Clear(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (0_u8..8, 0_u8..8).prop_map(|(from, to)| Step::Add(from, to)),
            3 => (0_usize..64).prop_map(Step::Remove),
            1 => (0_u8..8).prop_map(Step::Clear),
        ]
    }

    /// Whether `to` is reached from `from`, by going on until nothing is new.
    fn reaches(edges: &[(u8, u8, Ticket)], from: u8, to: u8) -> bool {
        let mut reached = vec![from];
        loop {
            let next = edges.iter().find(|(a, b, _)| reached.contains(a) && !reached.contains(b));
            match next {
                Some((_, b, _)) => reached.push(*b),
                None => return reached.contains(&to),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn finds_what_a_naive_search_finds(steps in prop::collection::vec(step(), 0..60)) {
            let mut waits = Waits::default();
            let mut edges: Vec<(u8, u8, Ticket)> = Vec::new();
            for step in steps {
                match step {
                    Step::Add(from, to) => edges.push((from, to, waits.add(&from, &to))),
                    Step::Remove(which) if which < edges.len() => {
                        let (from, _, ticket) = edges.swap_remove(which);
                        waits.remove(&from, ticket);
                    }
                    Step::Remove(_) => {}
                    Step::Clear(from) => {
                        edges.retain(|edge| edge.0 != from);
                        waits.clear(&from);
                    }
                }
            }
            for from in 0..8 {
                for to in 0..8 {
                    let circle = waits.circle(&from, &to);
                    prop_assert_eq!(circle.is_some(), reaches(&edges, to, from));
                    let Some(circle) = circle else { continue };
                    prop_assert_eq!((circle[0], circle[1]), (from, to));
                    prop_assert_eq!(circle.last(), Some(&from));
                    for pair in circle[1..].windows(2) {
                        prop_assert!(edges.iter().any(|edge| [edge.0, edge.1] == pair));
                    }
                    let mut once = circle[1..].to_vec();
                    once.sort_unstable();
                    once.dedup();
                    prop_assert_eq!(once.len(), circle.len() - 1, "nobody is in it twice");
                }
            }
        }
    }
}
