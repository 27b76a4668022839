//! What some of the work costs without any runtime: what nobody who does that work can go below.
//!
//! ```sh
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml --bin floor
//! ```

use std::hash::BuildHasher;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use hashbrown::{DefaultHashBuilder, HashMap};

const ROUNDS: usize = 15;
const TIMES: u64 = 20_000;

/// As many bytes as an actor of the comparison has beside its id.
struct Actor {
    _state: [i64; 2],
    _rest: [u64; 16],
}

/// The event of the comparison.
#[derive(Clone)]
struct Order {
    order_id: String,
    customer: String,
    note: String,
    _items: i64,
    _amount: f64,
}

type Table = Vec<Mutex<HashMap<Arc<str>, Arc<Actor>>>>;

/// What has an address that others can find it by: an id, memory, and a place in a table that all threads share.
fn activation() -> Table {
    let parts: Table = (0..32).map(|_| Mutex::default()).collect();
    let hasher = DefaultHashBuilder::default();
    for number in 0..TIMES {
        let id: Arc<str> = format!("actor-{number:010}").into();
        let part = &parts[(hasher.hash_one(&id) >> 59) as usize];
        let actor = Arc::new(Actor { _state: [0; 2], _rest: [0; 16] });
        part.lock().unwrap().insert(id, actor);
    }
    parts
}

/// A copy of the event for one subscriber.
fn copies() {
    let order = Order {
        order_id: format!("order-{:026}", 1),
        customer: "customer-0123456789abcdef".to_owned(),
        note: "leave it with the neighbours".to_owned(),
        _items: 3,
        _amount: 1.0,
    };
    for _ in 0..TIMES {
        let copy = black_box(&order).clone();
        black_box(copy.order_id.len() + copy.customer.len() + copy.note.len());
    }
}

/// A reference to an actor, its claim, and both given back.
fn one_way_sends() {
    let (references, claim) = (Arc::new(()), AtomicU64::new(0));
    for _ in 0..TIMES {
        let reference = black_box(Arc::clone(&references));
        let _ = black_box(&claim).compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire);
        let _ = black_box(&claim).compare_exchange(1, 0, Ordering::AcqRel, Ordering::Acquire);
        drop(reference);
    }
}

/// The median of the nanoseconds of one.
fn report<T>(name: &str, work: fn() -> T) {
    let mut nanos: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let made = work();
            let elapsed = began.elapsed();
            drop(made);
            elapsed.as_secs_f64() * 1e9 / TIMES as f64
        })
        .collect();
    nanos.sort_by(f64::total_cmp);
    println!("| {name} | {:.0} |", nanos[ROUNDS / 2]);
}

fn main() {
    println!("| nanoseconds of one | |\n| --- | ---: |");
    report("activation: an id, memory, a place in a table", activation);
    report("a copy of the event", copies);
    report("a one-way send: four atomic operations", one_way_sends);
}
