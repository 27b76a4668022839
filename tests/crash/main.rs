//! A shop that is killed again and again, and must not notice.
//!
//! A child process runs publishers, subscribers of every sort, effects, scheduled calls and calls with idempotency keys; the parent
//! kills it with SIGKILL at a random moment, looks at what is on the disk, and starts it again on the same data. The parent keeps
//! its own record of what was acknowledged. The same again with encrypted data, whose key is rotated on the way.
//!
//! ```text
//! cargo test -p spawn-tests --test crash                      # 20 rounds of each, and the proof that the checks can fail
//! cargo test -p spawn-tests --release --test crash -- --rounds 200 [--seed 7]
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports to a person"
)]

mod actors;
mod child;
mod parent;
mod split;

use std::process::ExitCode;

use crate::parent::Way;

/// Set in the child: where its data is.
const DATA: &str = "SPAWN_CRASH_DATA";

fn main() -> ExitCode {
    if let Ok(directory) = std::env::var(DATA) {
        child::run(directory.as_ref());
        return ExitCode::SUCCESS;
    }
    let mut rounds = 20;
    let mut seed = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|it| it.parse().ok()).unwrap();
        match argument.as_str() {
            "--rounds" => rounds = number(),
            "--seed" => seed = Some(number()),
            // What `cargo test` hands to every test binary.
            other => println!("crash: {other} is not for this program"),
        }
    }
    let seed = seed.unwrap_or_else(spawn_tests::Random::any_seed);
    println!("crash: {rounds} rounds, seed {seed}");
    for (way, name) in [(Way::AsItIs, "as it is"), (Way::Encrypted, "encrypted")] {
        match parent::run(rounds, seed, way) {
            Ok(report) => println!("crash: {name}: {report}"),
            Err(error) => {
                eprintln!(
                    "crash: {name}: {error}\ncrash: again with --rounds {rounds} --seed {seed}"
                );
                return ExitCode::FAILURE;
            }
        }
    }
    if let Err(found) = parent::run(60, seed, Way::SplitCursor) {
        println!("crash: a cursor in a commit of its own is found out: {found}");
    } else {
        eprintln!("crash: a cursor in a commit of its own was not found out in 60 rounds");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
