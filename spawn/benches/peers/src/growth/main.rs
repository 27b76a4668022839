//! How cost grows with what there is.
//!
//! ```sh
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml --bin growth               # all of it, some minutes
//! cargo run --release --manifest-path spawn/benches/peers/Cargo.toml --bin growth -- log start  # some parts
//! ```
//!
//! Parts: `state`, `actors`, `subscribers`, `patterns`, `log`, `start`. Each writes a plot and a table into `book/src/performance`. The
//! files of `log` and `start` are filled with rows by hand, as the schema of `store::Sqlite` has them, and take up to 2 GB.

mod memory;
mod plot;
mod stored;

use std::time::{Duration, Instant};

use plot::{Line, Plot};

/// How long something is done that is measured.
const TIME: Duration = Duration::from_millis(400);

/// The nanoseconds of one `work`, which is done for a while.
pub async fn nanos<F: Future<Output = ()>>(mut work: impl FnMut(u64) -> F) -> f64 {
    let (mut done, began) = (0, Instant::now());
    while began.elapsed() < TIME {
        work(done).await;
        done += 1;
    }
    began.elapsed().as_secs_f64() * 1e9 / done as f64
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let parts: [(&str, fn(&tokio::runtime::Runtime) -> Plot); 6] = [
        ("state", stored::state),
        ("actors", memory::actors),
        ("subscribers", memory::subscribers),
        ("patterns", memory::patterns),
        ("log", stored::log),
        ("start", stored::start),
    ];
    for (name, part) in parts {
        if given.is_empty() || given.iter().any(|it| it == name) {
            let plot = part(&runtime);
            println!("{}", plot.markdown());
            plot.write(name);
        }
    }
}

/// A line of a plot that has no points yet.
pub fn line(name: &'static str) -> Line {
    Line { name, points: Vec::new() }
}
