//! Every interleaving of a few threads at the claim and the mailbox of `spawn`, whose source is compiled here over the primitives
//! of `loom`.

#![expect(unsafe_code, reason = "the sources that are checked contain it")]
#![expect(clippy::unwrap_used, reason = "a model that panics has failed")]

#[expect(dead_code, reason = "the sources have more than is checked here")]
#[path = "../../spawn/src/runtime/claim/guarded.rs"]
mod guarded;
#[path = "../../spawn/src/runtime/claim/mailbox.rs"]
mod mailbox;
mod sync;

use std::ptr::NonNull;

use loom::sync::Arc;
use loom::thread;

use self::guarded::{Claim, Guarded, Sent};
use self::mailbox::{Link, Linked};

/// A message: adds a number, when it is opened.
#[repr(C)]
struct Note {
    link: Link,
    amount: usize,
}

struct Boxed(Box<Note>);

impl Boxed {
    fn new(amount: usize) -> Self {
        Self(Box::new(Note { link: Link::new(), amount }))
    }
}

// SAFETY: the link is the first field of the box, which nothing else refers to.
unsafe impl Linked for Boxed {
    fn into_raw(self) -> NonNull<Link> {
        NonNull::from(Box::leak(self.0)).cast()
    }

    unsafe fn from_raw(link: NonNull<Link>) -> Self {
        // SAFETY: from `into_raw`, given back once.
        Self(unsafe { Box::from_raw(link.cast::<Note>().as_ptr()) })
    }
}

/// What the messages did, in their order.
type Cell = Guarded<(), Vec<usize>, Boxed>;

#[expect(clippy::needless_pass_by_value, reason = "what was opened is gone")]
fn open(claim: &mut Claim<(), Vec<usize>, Boxed>, note: Boxed) {
    claim.body().push(note.0.amount);
}

/// As the runtime does it: handles what waits until nothing does.
fn drain(mut claim: Claim<(), Vec<usize>, Boxed>) {
    loop {
        while let Some(note) = claim.next() {
            open(&mut claim, note);
        }
        match claim.release() {
            Ok(_) => return,
            Err(busy) => claim = busy,
        }
    }
}

/// A call for an actor: run it in place if the actor is idle, leave it in the mailbox if not.
fn call(cell: &Arc<Cell>, amount: usize) {
    match Guarded::try_claim(Arc::clone(cell)) {
        Ok(mut claim) => {
            open(&mut claim, Boxed::new(amount));
            drain(claim);
        }
        Err(cell) => {
            if let Sent::Claimed(mut claim, note) = Guarded::send(&cell, Boxed::new(amount)) {
                open(&mut claim, note);
                drain(claim);
            }
        }
    }
}

fn result(cell: Arc<Cell>) -> Vec<usize> {
    assert!(cell.is_idle(), "someone has to give the claim back");
    let Ok(mut claim) = Guarded::try_claim(cell) else { unreachable!("it is idle") };
    std::mem::take(claim.body())
}

fn senders(others: usize) {
    let cell = Guarded::new((), Vec::new());
    let threads: Vec<_> = (1..=others)
        .map(|amount| {
            let cell = Arc::clone(&cell);
            thread::spawn(move || call(&cell, amount))
        })
        .collect();
    call(&cell, 0);
    for thread in threads {
        thread.join().unwrap();
    }
    let mut done = result(cell);
    done.sort_unstable();
    assert_eq!(done, (0..=others).collect::<Vec<_>>());
}

#[test]
fn every_message_of_two_senders_is_handled_once() {
    loom::model(|| senders(1));
}

#[test]
fn every_message_of_three_senders_is_handled_once() {
    // All interleavings of three would take hours; those with up to two switches at an odd moment find what two senders cannot.
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| senders(2));
}

#[test]
fn the_messages_of_one_sender_keep_their_order() {
    loom::model(|| {
        let cell = Guarded::new((), Vec::new());
        let other = Arc::clone(&cell);
        let thread = thread::spawn(move || {
            call(&other, 1);
            call(&other, 2);
        });
        call(&cell, 10);
        thread.join().unwrap();
        let mut done = result(cell);
        done.retain(|amount| *amount < 10);
        assert_eq!(done, [1, 2]);
    });
}

#[test]
fn a_claim_that_is_dropped_leaves_nothing_behind() {
    loom::model(|| {
        let cell = Guarded::new((), Vec::new());
        let other = Arc::clone(&cell);
        let thread = thread::spawn(move || call(&other, 1));
        if let Ok(claim) = Guarded::try_claim(Arc::clone(&cell)) {
            drop(claim);
        }
        thread.join().unwrap();
        // Handled, or refused with the claim; in both cases the next message finds the actor idle. `loom` finds leaks.
        assert!(result(cell).len() <= 1);
    });
}

#[test]
fn what_waits_is_freed_with_the_actor() {
    loom::model(|| {
        let cell: Arc<Cell> = Guarded::new((), Vec::new());
        let Ok(claim) = Guarded::try_claim(Arc::clone(&cell)) else { unreachable!("it is idle") };
        let other = Arc::clone(&cell);
        let thread = thread::spawn(move || {
            assert!(matches!(Guarded::send(&other, Boxed::new(1)), Sent::Queued));
        });
        thread.join().unwrap();
        drop(claim);
        drop(cell);
    });
}
