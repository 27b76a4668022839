//! A shop that is busy for as long as one likes, with everything going wrong that can go wrong in handlers.
//!
//! Publishers that fail and panic, subscribers that are slow, fail and panic, effects, delayed effects, timers, and visitors that are passive most
//! of the time, on SQLite. A caller of its own is timed before, during and after the load; the memory is noted each second; in the end
//! everything is compared with what was acknowledged.
//!
//! ```text
//! cargo test -p spawn-tests --test soak                                            # a few seconds
//! cargo test -p spawn-tests --release --test soak -- --minutes 10 --out book/src/performance
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that reports to a person")]

mod actors;
mod check;
mod latency;
mod load;
mod memory;
mod plot;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use spawn::prelude::*;
use spawn::store::Sqlite;

use crate::actors::{
    Dice, Errand, Fragile, Heart, Listener, Mirror, Publisher, SlowMirror, Stethoscope, Visitor,
    Woken,
};
use crate::latency::Latency;
use crate::load::Load;

/// What was asked for on the command line.
struct Options {
    load: Duration,
    /// Before and after the load.
    quiet: Duration,
    out: Option<PathBuf>,
}

impl Options {
    fn read() -> Self {
        let mut options =
            Self { load: Duration::from_secs(4), quiet: Duration::from_secs(1), out: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--minutes" => {
                    let minutes = arguments.next().and_then(|it| it.parse().ok()).unwrap();
                    options.load = Duration::from_mins(minutes);
                    options.quiet = Duration::from_secs(30);
                }
                // From the root of the repository, wherever cargo runs a test.
                "--out" => {
                    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
                    options.out = arguments.next().map(|out| Path::new(root).join(out));
                }
                // What `cargo test` hands to every test binary.
                other => println!("soak: {other} is not for this program"),
            }
        }
        options
    }

    /// Whether there is time to fill caches first, so that the memory must not grow after that.
    fn is_long(&self) -> bool {
        self.load >= Duration::from_mins(1)
    }
}

/// When a part of the run began and ended, and how long calls took meanwhile.
struct Phase {
    name: &'static str,
    seconds: std::ops::Range<f64>,
    latency: Latency,
}

async fn start(directory: &Path, dice: &Arc<Dice>, woken: &Arc<Woken>) -> System {
    let builder = System::builder("soak")
        .only::<(Publisher, Mirror, SlowMirror, Fragile, Errand, Visitor)>()
        .only::<(Heart, Stethoscope)>()
        .resource(Arc::clone(dice))
        .resource(Arc::clone(woken))
        .external_subscriber(Listener::new(dice))
        .retention(Duration::from_secs(5))
        .store(Sqlite::at(directory));
    builder.start().await.unwrap()
}

/// Times calls of one actor whose reply waits for the disk.
async fn probe(system: &System, name: &'static str, began: Instant, length: Duration) -> Phase {
    let start = began.elapsed().as_secs_f64();
    let end = Instant::now() + length;
    let mut latency = Latency::default();
    let visitor = system.actor_by_id::<Visitor>("probe");
    while Instant::now() < end {
        let call = Instant::now();
        visitor.visit().await.unwrap();
        latency.note(call.elapsed());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Phase { name, seconds: start..began.elapsed().as_secs_f64(), latency }
}

async fn run(options: &Options) -> Result<(), String> {
    let directory = tempfile::tempdir().unwrap();
    let (dice, woken) = (Arc::new(Dice::default()), Arc::<Woken>::default());
    let system = start(directory.path(), &dice, &woken).await;
    let began = Instant::now();
    let memory = memory::Watch::begin(began);

    let visits = load::nobody_has_come();
    if options.is_long() {
        load::fill_caches(&system, &visits).await;
    }
    let before = probe(&system, "before", began, options.quiet).await;
    let load = Load::begin(&system, &dice, visits);
    let during = probe(&system, "during", began, options.load).await;
    load.end();
    let mut done = load.finish().await;
    let settling = Instant::now();
    check::everything(&system, &done).await?;
    check::finds_what_is_missing(&system, &mut done).await?;
    let settling = settling.elapsed();
    let after = probe(&system, "after", began, options.quiet).await;
    let samples = memory.end();
    system.shutdown().await.unwrap();

    // And it is all there for the next run.
    let system = start(directory.path(), &dice, &woken).await;
    check::everything(&system, &done).await?;
    system.shutdown().await.unwrap();

    let seconds = during.seconds.clone();
    let phases = [before, during, after];
    let report = report::Report {
        phases: &phases,
        samples: &samples,
        done: &done,
        woken: woken.count(),
        settling,
    };
    println!("{}", report.markdown());
    if let Some(out) = &options.out {
        std::fs::write(out.join("soak.md"), report.markdown()).unwrap();
        std::fs::write(out.join("soak.svg"), plot::svg(&samples, &seconds)).unwrap();
    }
    if options.is_long() { memory::is_flat(&samples, &seconds) } else { Ok(()) }
}

fn main() -> ExitCode {
    let options = Options::read();
    // Panics are part of the load.
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload().downcast_ref::<&str>().copied().unwrap_or_default();
        if said != actors::PANIC {
            println!("soak: {panic}");
        }
    }));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.unwrap().block_on(run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("soak: {fault}");
            ExitCode::FAILURE
        }
    }
}
