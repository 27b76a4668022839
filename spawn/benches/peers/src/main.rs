//! `spawn` beside other actor libraries, on the same work, in one run.
//!
//! ```sh
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml                # all of it, three minutes
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml -- --quick     # half a minute; nothing is written
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml -- "one-way"   # what has this in its title
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml --features mimalloc
//! ```
//!
//! How it is kept fair:
//!
//! - Everyone does the same: the same payloads and responses, the same state (16 bytes, and an id of 16 bytes), the same callers
//!   (`work.rs`). What was sent is counted where it arrives.
//! - Everyone has two threads: a `tokio` runtime with two workers, or two of `actix`'s runtimes, which have one thread each. `actix` is
//!   measured where it is fastest: with a single actor, everything is on one of its threads, and no message passes to another, but for
//!   the row that has actor and sender apart.
//! - Mailboxes have room for 1,024 messages where they have a bound (`spawn`, `kameo`, `tokio`), and nobody ever finds one full.
//! - The libraries are built with the features that cost least (no tracing), and everyone has the same allocator.
//! - Rounds take turns, so that what else the machine does hits all; the figure is the median of the rounds, beside the least and the
//!   greatest.
//! - The actors of `spawn` are `stateful = false`: those of the others cannot be saved either. What saving costs is in
//!   `spawn/benches/durable`.

/// What the guide recommends to programs that do much; without the feature, everyone has the allocator of the system.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod peer;
mod report;
mod work;

use std::process::Command;
use std::time::Duration;

use peer::{PEERS, Peer};
use report::{Figure, Idle, Report};
use work::Work;

/// How long a slice of the work is done, and how often.
struct Effort {
    slice: Duration,
    rounds: usize,
    idle: &'static [u64],
}

const FULL: Effort =
    Effort { slice: Duration::from_millis(150), rounds: 7, idle: &[100_000, 1_000_000] };
const QUICK: Effort = Effort { slice: Duration::from_millis(40), rounds: 3, idle: &[100_000] };

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name, actors] = &given[..]
        && flag == "--idle"
    {
        return idle(name, actors.parse().unwrap());
    }
    let is_quick = given.iter().any(|it| it == "--quick");
    let effort = if is_quick { QUICK } else { FULL };
    let title = given.iter().find(|it| !it.starts_with("--"));
    let is_wanted = |work: &Work| title.is_none_or(|title| work.title().contains(title.as_str()));
    let mut report = Report::default();
    for work in Work::ALL.into_iter().filter(is_wanted) {
        let figures = compare(work, &effort);
        report.work.push((work, figures));
        eprintln!("{}", report.row(report.work.len() - 1));
    }
    if title.is_none_or(|title| title == "idle") {
        for actors in effort.idle {
            report.idle.push(Idle { actors: *actors, bytes: bytes(*actors) });
        }
    }
    println!("{}", report.markdown());
    if !is_quick && title.is_none() {
        report.write();
    }
}

/// The rounds of everyone, in turn.
fn compare(work: Work, effort: &Effort) -> Vec<Option<Figure>> {
    let mut samples = vec![Vec::new(); PEERS.len()];
    for _ in 0..effort.rounds {
        for (peer, samples) in PEERS.iter().zip(&mut samples) {
            samples.extend((peer.run)(work, effort.slice));
        }
    }
    samples.iter().map(|samples| Figure::of(samples)).collect()
}

/// What an idle actor of each takes of the memory of a process of its own.
fn bytes(actors: u64) -> Vec<Option<u64>> {
    let measure = |peer: &Peer| {
        peer.idle?;
        let program = std::env::current_exe().unwrap();
        let output =
            Command::new(program).args(["--idle", peer.name, &actors.to_string()]).output();
        String::from_utf8(output.unwrap().stdout).unwrap().trim().parse().ok()
    };
    PEERS.iter().map(measure).collect()
}

fn idle(name: &str, actors: u64) {
    let peer = PEERS.iter().find(|peer| peer.name == name).unwrap();
    let before = resident();
    let mut measure = || println!("{}", (resident() - before) / actors);
    (peer.idle.unwrap())(actors, &mut measure);
}

/// The bytes of memory that the process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1_024
}
