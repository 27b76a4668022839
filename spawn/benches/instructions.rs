//! Hot paths, for whoever counts instructions: `tests/instructions/run`.
//!
//! Given the name of a path, it goes that path many times in a function called `measured`, on one thread, and prints how often. Without
//! one it goes each path once, so that `cargo bench` and `cargo test` see that they work.
#![expect(clippy::unwrap_used, reason = "a program that cannot go on ends")]
#![expect(clippy::print_stdout, reason = "a program that reports to a script")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use spawn::prelude::*;
use spawn::{ChannelOptions, Client, Event, EventStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// How often a path is gone before it is measured, so that what is made once is there.
const WARM: u64 = 200;

/// Nothing of it lasts.
#[derive(Debug, Default)]
pub struct Tally {
    count: i64,
}

#[actor(name = "instructions_tally", kind = unnamed, stateful = false, mailbox = 100_000)]
impl Tally {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    async fn add_async(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    #[action]
    async fn add_later(&mut self, amount: i64) -> i64 {
        tokio::task::yield_now().await;
        self.count += amount;
        self.count
    }

    /// Keeps the actor busy.
    #[action]
    async fn block(&self, gate: &Arc<Notify>) {
        gate.notified().await;
    }
}

/// Saved with each change.
#[message(name = "instructions.Account")]
pub struct Account {
    balance: i64,
    owner: String,
}

#[actor(name = "instructions_account")]
impl Account {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        if self.owner.is_empty() {
            "somebody with a name of some length".clone_into(&mut self.owner);
        }
        self.balance += amount;
        self.balance
    }
}

/// Hears what is broadcast.
#[derive(Debug)]
pub struct Ear {
    heard: Arc<AtomicU64>,
}

#[actor(name = "instructions_ear", kind = unnamed, stateful = false, channels = [("instructions.news", hear)])]
impl Ear {
    #[action]
    fn ready(&self) {}

    #[action]
    fn hear(&mut self, event: Event) {
        self.heard.fetch_add(u64::from(event.is::<Order>()), Ordering::Relaxed);
    }
}

/// What is broadcast.
#[message(name = "instructions.Order")]
pub struct Order {
    order_id: String,
    note: String,
}

impl Order {
    fn new() -> Self {
        Self { order_id: "order-0123456789".to_owned(), note: "x".repeat(80) }
    }
}

struct Program {
    system: System,
    gate: Arc<Notify>,
    heard: Arc<AtomicU64>,
    tally: Client<Tally>,
    account: Client<Account>,
    streams: Vec<EventStream>,
}

impl Program {
    async fn start() -> Self {
        let (gate, heard) = (Arc::<Notify>::default(), Arc::<AtomicU64>::default());
        let builder = System::builder("instructions").in_memory();
        let builder = builder.resource(Arc::clone(&gate));
        let told = Arc::clone(&heard);
        let builder = builder.provide(move |_| Ear { heard: Arc::clone(&told) });
        let system = builder
            .only::<(Tally, Account, Ear)>()
            .channel("instructions.>", ChannelOptions::transient())
            .start()
            .await
            .unwrap();
        let (tally, account) = (system.actor_by_id::<Tally>("one"), system.actor::<Account>());
        Self { system, gate, heard, tally, account, streams: Vec::new() }
    }

    /// Each message goes into the mailbox of an actor that is busy, and all are handled in one go.
    async fn mailbox(&self, times: u64) {
        self.tally.block().cast().await.unwrap();
        for _ in 0..times {
            self.tally.add(1).cast().await.unwrap();
        }
        self.gate.notify_one();
        self.tally.add(1).await.unwrap();
    }

    /// So many events at once to a hundred subscribers, each time.
    async fn broadcast(&self, times: u64, at_once: u64) {
        let subscribers = 100;
        for number in 0..subscribers {
            let ear = self.system.actor_by_id::<Ear>(number.to_string());
            ear.ready().await.unwrap();
        }
        // Who takes long does not stay with the others, and under valgrind all of them do.
        tokio::time::pause();
        for _ in 0..times {
            let before = self.heard.load(Ordering::Relaxed);
            for _ in 0..at_once {
                let event = Broadcast::to("instructions.news", Order::new());
                self.system.broadcast(event).await.unwrap();
            }
            while self.heard.load(Ordering::Relaxed) < before + at_once * subscribers {
                tokio::task::yield_now().await;
            }
        }
        tokio::time::resume();
    }

    async fn publish(&mut self, times: u64) {
        if self.streams.is_empty() {
            let streams = (0..3_000).map(|number| {
                let pattern = match number % 3 {
                    0 => format!("instructions.{number}.order.events"),
                    1 => format!("instructions.{number}.*.events"),
                    _ => format!("instructions.{number}.>"),
                };
                self.system.subscribe(pattern).unwrap()
            });
            self.streams = streams.collect();
        }
        for number in 0..times {
            let event =
                Broadcast::to("instructions.0.order.events", i64::try_from(number).unwrap());
            self.system.broadcast(event).await.unwrap();
            self.streams[0].try_next().unwrap();
        }
    }

    async fn go(&mut self, path: &str, times: u64) {
        match path {
            "call" => {
                for _ in 0..times {
                    self.tally.add(1).await.unwrap();
                }
            }
            "call_async" => {
                for _ in 0..times {
                    self.tally.add_async(1).await.unwrap();
                }
            }
            "call_waiting" => {
                for _ in 0..times {
                    self.tally.add_later(1).await.unwrap();
                }
            }
            "call_saved" => {
                for _ in 0..times {
                    self.account.add(1).await.unwrap();
                }
            }
            "cast" => {
                for _ in 0..times {
                    self.tally.add(1).cast().await.unwrap();
                }
            }
            "mailbox" => self.mailbox(times).await,
            "broadcast" => self.broadcast(times / 100, 1).await,
            "broadcast_40" => self.broadcast(times / 4_000, 40).await,
            "match" => self.publish(times).await,
            "activate" => {
                for number in 0..times {
                    let id = format!("{times}-{number:010}");
                    self.system.actor_by_id::<Tally>(id).add(1).await.unwrap();
                }
            }
            "by_name" => {
                for _ in 0..times {
                    let call = self.system.invoke("one", "add", 1_i64);
                    call.reference("instructions_tally").await.unwrap();
                }
            }
            path => unreachable!("there is no path {path}"),
        }
    }
}

const PATHS: [&str; 11] = [
    "call",
    "call_async",
    "call_waiting",
    "call_saved",
    "cast",
    "mailbox",
    "broadcast",
    "broadcast_40",
    "match",
    "activate",
    "by_name",
];

#[inline(never)]
fn measured(runtime: &Runtime, program: &mut Program, path: &str, times: u64) {
    runtime.block_on(program.go(path, times));
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let given = std::env::args().nth(1);
    if given.as_deref() == Some("--list") {
        return println!("{}", PATHS.join("\n"));
    }
    let path = given.filter(|path| !path.starts_with('-'));
    let times = std::env::args().nth(2).map_or(WARM, |times| times.parse().unwrap());
    for it in PATHS.into_iter().filter(|it| path.as_ref().is_none_or(|path| path == it)) {
        let mut program = runtime.block_on(Program::start());
        runtime.block_on(program.go(it, WARM));
        measured(&runtime, &mut program, it, times);
        println!("{it} {times}");
        runtime.block_on(program.system.shutdown()).unwrap();
    }
}
