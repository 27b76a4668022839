//! A lane, a subscriber, a log and a store in a world where everything can happen between any two steps.
//!
//! `SPAWN_SIMULATION_SEEDS=100000 cargo test --release -p spawn --lib simulation` tries so many histories; a seed that fails is printed, and
//! `SPAWN_SIMULATION_SEED=7` repeats it.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Keyed, Lane, Next, Verdict};
use crate::event::Position;
use crate::retry::{Backoff, Retry};
use crate::store::{Cursor, SubscriptionId};

const RETRY: Retry =
    Retry { attempts: 3, backoff: Backoff { base: Duration::ZERO, most: Duration::ZERO } };

/// How many rows a read of the log gives.
const ROWS: usize = 4;

/// A small generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    fn one_in(&mut self, end: u64) -> bool {
        self.below(end) == 0
    }
}

/// An event for one of two subscriptions; each event of the log is for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item(Cursor);

impl Keyed for Item {
    fn key(&self) -> Option<Cursor> {
        Some(self.0)
    }
}

fn items(position: u64) -> [Item; 2] {
    [1, 2].map(|subscription| {
        let subscription = SubscriptionId(subscription);
        Item(Cursor { position: Position(position), subscription })
    })
}

/// What is on the disk, and what is only in memory.
struct World {
    random: Random,
    /// How many events are in the log.
    log: u64,
    /// Committed, and not given to the lane yet.
    unreleased: VecDeque<u64>,
    /// What the subscriber's state reflects, and what was given up, in the order of the commits.
    reflected: Vec<Item>,
    /// Where the last commit has left the cursor.
    saved: Cursor,
    lane: Lane<Item>,
    on_the_way: bool,
    paused: bool,
    /// Where the subscriber is in memory.
    cursor: Cursor,
    /// Commits on their way.
    unsaved: VecDeque<Item>,
    /// An event that was handed over, how often it had failed, and whether a commit has failed since.
    in_hand: Option<(Item, u32, bool)>,
    /// What a read of the log has found, and where it stopped.
    reading: Option<(Vec<Item>, Option<Cursor>)>,
    /// Whether a wrong thing is done, to see that it is found.
    mistake: bool,
}

impl World {
    fn new(seed: u64, mistake: bool) -> Self {
        let mut world = Self {
            random: Random(seed),
            log: 0,
            unreleased: VecDeque::new(),
            reflected: Vec::new(),
            saved: Cursor::default(),
            lane: Lane::default(),
            on_the_way: false,
            paused: false,
            cursor: Cursor::default(),
            unsaved: VecDeque::new(),
            in_hand: None,
            reading: None,
            mistake,
        };
        world.start();
        world
    }

    /// A process begins: nothing of the last one is in memory.
    fn start(&mut self) {
        self.lane = Lane::with_capacity(3);
        self.on_the_way = self.lane.reset();
        self.paused = false;
        self.unreleased.clear();
        self.unsaved.clear();
        self.in_hand = None;
        self.reading = None;
        self.cursor = self.saved;
    }

    fn step(&mut self, calm: bool) {
        match self.random.below(12) {
            0 | 1 if !calm => {
                self.log += 1;
                self.unreleased.push_back(self.log);
            }
            2 | 3 => {
                if let Some(position) = self.unreleased.pop_front() {
                    for item in items(position) {
                        self.on_the_way |= self.lane.offer(item);
                    }
                }
            }
            4..=7 => self.work(calm),
            8 | 9 => self.commit(calm),
            10 if self.paused => {
                self.paused = false;
                self.on_the_way |= self.lane.unpause();
            }
            11 if !calm && self.random.one_in(20) => self.start(),
            _ => {}
        }
    }

    fn work(&mut self, calm: bool) {
        if let Some((found, stopped_at)) = self.reading.take() {
            return self.lane.fill(found, stopped_at);
        }
        if let Some((item, failed, is_void)) = self.in_hand.take() {
            return self.handled(item, failed, is_void, calm);
        }
        if !self.on_the_way {
            return;
        }
        match self.lane.next() {
            Next::Empty => self.on_the_way = false,
            Next::Paused => {
                self.on_the_way = false;
                assert!(self.paused, "a pause that nobody ends");
            }
            Next::Read { after } => self.read(after.max(self.cursor)),
            Next::Deliver { item, .. } if item.0 <= self.cursor => {}
            Next::Deliver { item, failed } => self.in_hand = Some((item, failed, false)),
        }
    }

    fn read(&mut self, after: Cursor) {
        let from = after.position.0.saturating_sub(1);
        let positions: Vec<_> = (from + 1..=self.log).take(ROWS).collect();
        let stopped_at = (positions.len() == ROWS).then(|| Cursor {
            position: Position(positions[ROWS - 1]),
            subscription: SubscriptionId(u64::MAX),
        });
        let found = positions.into_iter().flat_map(items).filter(|item| item.0 > after);
        self.reading = Some((found.collect(), stopped_at));
    }

    /// The outcome of an event. If a commit has failed since it was handed over, its own cannot be.
    fn handled(&mut self, item: Item, failed: u32, is_void: bool, calm: bool) {
        if is_void {
            self.lane.put_back(item, failed);
            return self.paused = true;
        }
        let fails = !calm && self.random.one_in(5);
        if fails {
            match self.lane.failed(item, failed, &RETRY, true) {
                Verdict::Retry(_) => return self.paused = true,
                // A dead letter moves the cursor in its commit, as a success does.
                Verdict::GiveUp { attempts, .. } => assert_eq!(attempts, RETRY.attempts),
            }
        }
        self.cursor = item.0;
        self.unsaved.push_back(item);
    }

    fn commit(&mut self, calm: bool) {
        let Some(item) = self.unsaved.pop_front() else { return };
        if !calm && self.random.one_in(8) {
            // It fails; what builds on it is discarded, and the subscriber begins at its saved cursor.
            self.unsaved.clear();
            self.cursor = self.saved;
            if let Some((_, _, is_void)) = &mut self.in_hand {
                *is_void = true;
            }
            if !self.mistake {
                self.reading = None;
                self.on_the_way |= self.lane.reset();
            }
            return;
        }
        self.reflected.push(item);
        self.saved = item.0;
    }

    /// Lets everything that is left happen, without any more trouble.
    fn come_to_rest(&mut self) {
        for _ in 0..100_000 {
            self.step(true);
            let is_done = self.unreleased.is_empty()
                && self.unsaved.is_empty()
                && self.in_hand.is_none()
                && self.reading.is_none()
                && self.lane.is_done();
            if is_done {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    fn check(&self) -> Result<(), String> {
        let expected: Vec<_> = (1..=self.log).flat_map(items).collect();
        if self.reflected == expected {
            return Ok(());
        }
        let place = self.reflected.iter().zip(&expected).position(|(one, other)| one != other);
        Err(format!("{} of {} events, wrong from {place:?}", self.reflected.len(), expected.len()))
    }
}

fn history(seed: u64, mistake: bool) -> Result<(), String> {
    let mut world = World::new(seed, mistake);
    for _ in 0..300 {
        world.step(false);
    }
    world.come_to_rest();
    world.check()
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn every_event_is_reflected_once_and_in_order() {
    let seeds = match number_in("SPAWN_SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number_in("SPAWN_SIMULATION_SEEDS").unwrap_or(3_000),
    };
    for seed in seeds {
        if let Err(error) = history(seed, false) {
            panic!("SPAWN_SIMULATION_SEED={seed}: {error}");
        }
    }
}

#[test]
fn a_lane_that_is_not_begun_again_after_a_failed_commit_is_found_out() {
    assert!((0..3_000).any(|seed| history(seed, true).is_err()));
}
