//! A lane by itself, and one that follows a feed.

use super::*;
use crate::delivery::Feed;
use crate::event::Position;
use crate::store::SubscriptionId;

impl Keyed for u64 {
    fn key(&self) -> Option<Cursor> {
        (*self != 0).then(|| at(*self))
    }
}

fn at(position: u64) -> Cursor {
    Cursor { position: Position(position), subscription: SubscriptionId(0) }
}

#[test]
fn what_is_offered_during_a_read_that_fails_waits_for_the_next_read() {
    let mut lane = Lane::default();
    assert!(lane.reset());
    assert_eq!(lane.next(), Next::Read { after: at(0) });
    lane.fill([1, 2], Some(at(2)));
    for expected in [1, 2] {
        assert_eq!(lane.next(), Next::Deliver { item: expected, failed: 0 });
    }
    assert_eq!(lane.next(), Next::Read { after: at(2) });
    // The log has 3 to 5 when the read begins; 6, and one that is in no log, come before it fails.
    assert!(!lane.offer(6) && !lane.offer(0));
    lane.read_failed(at(2));
    assert_eq!(lane.next(), Next::Paused);
    assert!(!lane.offer(7));
    assert!(lane.unpause());
    assert_eq!(lane.next(), Next::Deliver { item: 0, failed: 0 });
    assert_eq!(lane.next(), Next::Read { after: at(2) });
    lane.fill([3, 4, 5, 6, 7], None);
    for expected in 3..=7 {
        assert_eq!(lane.next(), Next::Deliver { item: expected, failed: 0 });
    }
    assert_eq!(lane.next(), Next::Empty);
    assert!(lane.is_done());
}

/// A transient event, which is told from others by its number; a durable one is at its position.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mixed {
    Transient(u64),
    Durable(u64),
}

use Mixed::{Durable, Transient};

impl Keyed for Mixed {
    fn key(&self) -> Option<Cursor> {
        match self {
            Transient(_) => None,
            Durable(position) => Some(at(*position)),
        }
    }
}

/// A lane at rest that follows a feed.
fn following() -> (Feed<Mixed, ()>, Lane<Mixed>) {
    let (feed, mut lane) = (Feed::default(), Lane::default());
    lane.follow(|rests| feed.join(rests.then_some(())));
    (feed, lane)
}

/// Adds to the feed, and says whether somebody has to be told to go on with the lane.
fn feed_with(feed: &Feed<Mixed, ()>, lane: &mut Lane<Mixed>, number: u64) -> bool {
    let (resting, _) = feed.push(Transient(number));
    resting.into_iter().any(|()| lane.rouse())
}

fn end(feed: &Feed<Mixed, ()>, lane: &mut Lane<Mixed>) -> bool {
    assert_eq!(lane.next(), Next::Empty);
    lane.rest(|point| feed.rest(point, || ()))
}

#[test]
fn events_of_the_feed_and_others_come_in_the_order_in_which_they_were_offered() {
    let (feed, mut lane) = following();
    assert!(feed_with(&feed, &mut lane, 1) && !feed_with(&feed, &mut lane, 2));
    assert!(!lane.offer(Durable(3)), "somebody is on the way");
    assert!(!feed_with(&feed, &mut lane, 4));
    assert!(lane.next_of_feed(9).is_none(), "others come first");
    for expected in [Transient(1), Transient(2), Durable(3), Transient(4)] {
        assert_eq!(lane.next(), Next::Deliver { item: expected, failed: 0 });
    }
    assert!(end(&feed, &mut lane) && lane.is_done());
    assert!(feed_with(&feed, &mut lane, 5) && !lane.is_done());
    let stretch = lane.next_of_feed(9).unwrap();
    assert!(!feed_with(&feed, &mut lane, 6) && !lane.offer(Durable(7)));
    lane.give_back(&stretch, 0);
    for expected in [Transient(5), Transient(6), Durable(7)] {
        assert_eq!(lane.next(), Next::Deliver { item: expected, failed: 0 });
    }
    assert!(end(&feed, &mut lane));
}

#[test]
fn nobody_forgets_a_lane_that_has_something_to_do() {
    let (feed, mut lane) = following();
    // A durable event takes over what the feed has, before who has added that comes to tell the lane.
    let (resting, _) = feed.push(Transient(1));
    assert_eq!(resting.len(), 1);
    assert!(!lane.offer(Durable(0)), "it was handled already");
    assert!(lane.rouse());
    assert_eq!(lane.next(), Next::Deliver { item: Transient(1), failed: 0 });
    // Something comes between the look and the rest.
    assert_eq!(lane.next(), Next::Empty);
    assert!(feed.push(Transient(2)).0.is_empty());
    assert!(!lane.rest(|point| feed.rest(point, || ())) && !lane.is_idle());
    assert_eq!(lane.next_of_feed(9).unwrap().len(), 1);
    // It rests at the end of what was the feed before it began again, which somebody has added to already.
    let beginning = feed.begin_again();
    assert!(end(&feed, &mut lane));
    assert!(!feed_with(&feed, &mut lane, 3), "it cannot see that");
    assert!(lane.keep_up(2, Some(&beginning)));
    assert_eq!(lane.next_of_feed(9).unwrap().len(), 1);
    assert!(end(&feed, &mut lane));
    assert!(feed_with(&feed, &mut lane, 4));
    // What was added is handled, for another event's sake, before who has added it comes to tell the lane.
    let (feed, mut lane) = following();
    for by_itself in [true, false] {
        assert!(lane.offer(Durable(if by_itself { 6 } else { 8 })));
        if by_itself {
            assert!(matches!(lane.next(), Next::Deliver { item: Durable(6), .. }));
        }
        assert_eq!(feed.push(Transient(7)).0.len(), 1);
        if by_itself {
            assert_eq!(lane.next_of_feed(9).unwrap().len(), 1);
        } else {
            assert!(matches!(lane.next(), Next::Deliver { item: Durable(8), .. }));
            assert!(matches!(lane.next(), Next::Deliver { item: Transient(7), .. }));
        }
        assert!(end(&feed, &mut lane));
        assert!(!lane.rouse());
        assert!(feed_with(&feed, &mut lane, 9), "it rests, and somebody sees that");
        assert_eq!(lane.next_of_feed(9).unwrap().len(), 1);
        assert!(end(&feed, &mut lane));
    }
    // It leaves with something to do.
    let mut lane = following().1;
    assert!(!lane.leave_feed());
    let (feed, mut lane) = following();
    assert_eq!(feed.push(Transient(5)).0.len(), 1);
    assert!(lane.leave_feed());
    assert_eq!(lane.next(), Next::Deliver { item: Transient(5), failed: 0 });
    assert_eq!(lane.next(), Next::Empty);
    assert!(!lane.rouse());
}

#[test]
fn a_lane_that_has_many_to_come_holds_no_more_than_others_do() {
    let (feed, mut lane) = following();
    for number in 0..3_000 {
        let (resting, number) = feed.push(Transient(number));
        let _on_the_way_from_the_first_on = resting.into_iter().any(|()| lane.rouse());
        if number.is_multiple_of(growth()) {
            assert!(!lane.keep_up(number, None));
            assert!(lane.waiting.len() <= CAPACITY);
        }
    }
    let next = std::iter::from_fn(|| match lane.next() {
        Next::Deliver { item: Transient(number), .. } => Some(number),
        _ => None,
    });
    assert!(next.eq(0..CAPACITY as u64));
    let missed = 3_000 - CAPACITY as u64;
    assert_eq!(lane.take_missed(), Some(Missed { more: missed, to_tell: Some(missed) }));
    assert_eq!(lane.take_missed(), None);
    let fill = |lane: &mut Lane<_>, more: u64| {
        for number in 0..CAPACITY as u64 + more {
            lane.offer(Transient(number));
        }
        while let Next::Deliver { .. } = lane.next() {}
    };
    fill(&mut lane, missed - 1);
    assert_eq!(lane.take_missed(), Some(Missed { more: missed - 1, to_tell: None }));
    fill(&mut lane, 1);
    assert_eq!(lane.take_missed(), Some(Missed { more: 1, to_tell: Some(2 * missed) }));
}
