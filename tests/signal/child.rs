//! The program that is asked to end.

use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Sqlite;

/// Set in the child: where its data is.
pub(crate) const DATA: &str = "SPAWN_SIGNAL_DATA";
/// Set in the child: how it behaves.
pub(crate) const SCENE: &str = "SPAWN_SIGNAL_SCENE";

/// Counts, and is saved with each.
#[message(name = "signal.Ledger")]
pub(crate) struct Ledger {
    pub(crate) count: i64,
}

#[actor(name = "signal_ledger")]
impl Ledger {
    #[action]
    async fn add(&mut self) -> i64 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.count += 1;
        self.count
    }

    #[action]
    pub(crate) fn count(&self) -> i64 {
        self.count
    }
}

/// Counts, and is saved in an hour.
#[message(name = "signal.Hits")]
pub(crate) struct Hits {
    pub(crate) count: i64,
}

#[actor(name = "signal_hits", snapshot_timeout = "1h")]
impl Hits {
    #[action]
    fn hit(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    #[action]
    pub(crate) fn count(&self) -> i64 {
        self.count
    }
}

static IS_BLOCKED: AtomicBool = AtomicBool::new(false);

/// Never comes to an end.
#[derive(Default)]
pub(crate) struct Stuck;

#[actor(name = "signal_stuck", stateful = false)]
impl Stuck {
    #[action]
    async fn hang(&self) {
        std::future::pending::<()>().await;
    }

    #[action]
    fn block(&self) {
        IS_BLOCKED.store(true, Ordering::SeqCst);
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
}

pub(crate) async fn start(directory: &Path, timeout: Duration) -> System {
    let builder = System::builder("signal").store(Sqlite::at(directory));
    let builder = builder.only::<(Ledger, Hits, Stuck)>().shutdown_timeout(timeout);
    builder.start().await.unwrap()
}

/// Works until it is told to end; says what was acknowledged, when the end begins, and at last what it came to.
pub(crate) fn run(directory: &Path) {
    let scene = std::env::var(SCENE).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let timeout = match scene.as_str() {
            // Enough for everybody else, also where the disk is slow: they are not listed.
            "stuck" | "blocked" => Duration::from_secs(3),
            "patient" => Duration::from_hours(1),
            _ => Duration::from_secs(20),
        };
        let system = start(directory, timeout).await;
        // Before it says anything, since the parent may send a signal then.
        let mut ending = pin!(system.clone().run_until_signal());
        poll_fn(|context| {
            assert!(ending.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        match scene.as_str() {
            "stuck" | "patient" => system.actor::<Stuck>().hang().cast().await.unwrap(),
            "blocked" => {
                let client = system.actor::<Stuck>();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(client.block().cast())
                });
                while !IS_BLOCKED.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
            _ => {}
        }
        for _ in 0..4 {
            let ledger = system.actor::<Ledger>();
            tokio::spawn(async move {
                while let Ok(count) = ledger.add().await {
                    println!("ledger {count}");
                }
            });
        }
        let hits = system.actor::<Hits>();
        tokio::spawn(async move {
            while let Ok(count) = hits.hit().await {
                println!("hits {count}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            println!("stops now");
        });
        if scene == "itself" {
            let (ledger, hits) = (system.actor::<Ledger>(), system.actor::<Hits>());
            tokio::spawn(async move {
                while ledger.count().await.unwrap() <= 20 || hits.count().await.unwrap() <= 20 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                system.shutdown().await.unwrap();
            });
        }
        let report = ending.await.unwrap();
        for unfinished in report.unfinished() {
            let action = unfinished.action().unwrap_or("?");
            println!(
                "unfinished {} {action} {}",
                unfinished.name(),
                unfinished.running_for().is_some()
            );
        }
        println!("ended {} {}", report.is_complete(), report.is_closed());
    });
    if scene == "blocked" {
        // As the documentation says: a thread that is never given back would hold the runtime up.
        #[expect(clippy::exit, reason = "there is no other way out")]
        std::process::exit(0);
    }
}
