//! The process that is killed.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{BufRead, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;

use crate::actors::{
    Ear, Follower, Heart, Mirror, Notes, Publisher, Say, Sink, SlowMirror, Stethoscope,
};
use crate::split::SplitCursor;

/// The publishers.
pub(crate) const PUBLISHERS: [&str; 4] = ["ann", "bob", "cid", "dot"];

/// Set in the child to have the cursor saved in a commit of its own.
pub(crate) const SPLIT: &str = "SPAWN_CRASH_SPLIT";

/// How long what is on its way may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Says what was left open, tells what is there, and goes on with new things until it is killed.
///
/// Standard input: `publisher token` for what was not acknowledged, then an empty line, then the first new token. Standard
/// output: `ack publisher token number`, and one line `state ..` when everything is settled.
pub(crate) fn run(directory: &Path) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let system = start(directory).await;
        let (open, first) = tokio::task::spawn_blocking(read_orders).await.unwrap();
        for (publisher, token) in open {
            say(&system, &publisher, token).await;
        }
        println!("state {}", settled(&system).await);
        let workers = PUBLISHERS.iter().enumerate().map(|(place, publisher)| {
            let system = System::clone(&system);
            tokio::spawn(async move {
                for token in (first + place as u64..).step_by(PUBLISHERS.len()) {
                    // Announced before it is said, so that the parent knows of it whatever happens.
                    println!("open {publisher} {token}");
                    say(&system, publisher, token).await;
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
    });
}

async fn start(directory: &Path) -> TestSystem {
    let notes = OpenOptions::new().create(true).append(true).open(directory.join("notes")).unwrap();
    let builder = System::builder("crash")
        .only::<(Publisher, Mirror, SlowMirror, Follower, Ear, Sink)>()
        .only::<(Heart, Stethoscope)>()
        .resource(Notes(Mutex::new(notes)));
    let store = Sqlite::at(directory.join("data"));
    let builder = if std::env::var_os(SPLIT).is_some() {
        builder.store(SplitCursor::new(store))
    } else {
        builder.store(store)
    };
    TestSystem::from(builder.start().await.unwrap())
}

fn read_orders() -> (Vec<(String, u64)>, u64) {
    let mut lines = std::io::stdin().lock().lines().map(Result::unwrap);
    let open = lines.by_ref().take_while(|line| !line.is_empty()).map(|line| {
        let (publisher, token) = line.split_once(' ').unwrap();
        (publisher.to_owned(), token.parse().unwrap())
    });
    let open = open.collect();
    (open, lines.next().unwrap().parse().unwrap())
}

async fn say(system: &System, publisher: &str, token: u64) {
    let client = system.actor_by_id::<Publisher>(publisher);
    let call = client.say(Say { token }).idempotency_key(token.to_string());
    match call.timeout(PATIENCE).await {
        Ok(number) => println!("ack {publisher} {token} {number}"),
        Err(error) => panic!("{publisher} could not say {token}: {error:?}"),
    }
}

/// What every actor has, when nothing is left to do.
async fn settled(system: &TestSystem) -> String {
    let began = Instant::now();
    // They go on; what there is now has to be heard.
    let beats = system.actor::<Heart>().beats().await.unwrap();
    loop {
        system.settle().await;
        let mirror = system.actor::<Mirror>().state().await.unwrap();
        let slow = system.actor::<SlowMirror>().state().await.unwrap();
        let sink = system.actor::<Sink>().state().await.unwrap();
        let listener = system.actor::<Stethoscope>().state().await.unwrap();
        let mut out_of_order = mirror.out_of_order + slow.out_of_order + listener.out_of_order;
        let mut text = String::new();
        let (mut is_complete, mut is_beyond) = (listener.last >= beats, false);
        for publisher in PUBLISHERS {
            let said = system.actor_by_id::<Publisher>(publisher).said().await.unwrap();
            let follower = system.actor_by_id::<Follower>(publisher).state().await.unwrap();
            out_of_order += follower.out_of_order;
            let heard = [&mirror, &slow, &follower].map(|it| it.heard.get(publisher).cloned());
            let heard = heard.map(Option::unwrap_or_default).map(|it| it.tally);
            let done = [&sink.at_once, &sink.later].map(|it| it.get(publisher).cloned());
            let all = heard.into_iter().chain(done.map(Option::unwrap_or_default));
            write!(text, "{publisher}={}:{}", said.count, said.sum).unwrap();
            for tally in all {
                is_complete &= tally == said;
                is_beyond |= tally.count > said.count;
                write!(text, ",{}:{}", tally.count, tally.sum).unwrap();
            }
            text.push(' ');
        }
        write!(text, "out_of_order={out_of_order} unheard={}", beats.saturating_sub(listener.last))
            .unwrap();
        // What is scheduled is due in a moment; what is still missing after many is lost, and what is there twice stays so.
        if is_complete || is_beyond || began.elapsed() > PATIENCE {
            std::io::stdout().flush().unwrap();
            return text;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
