//! Who starts the children, sends the signals, and looks at what they left.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::child::{DATA, Hits, Ledger, SCENE, start};

/// What a child has said, and how it ended.
struct Said {
    ledger: i64,
    hits: i64,
    unfinished: Vec<String>,
    ended: Option<String>,
    status: ExitStatus,
    took: Duration,
}

pub(crate) fn run() {
    for signal in ["TERM", "INT"] {
        let (said, kept) = told("busy", &[signal]);
        assert_eq!(said.ended.as_deref(), Some("ended true true"), "{signal}");
        assert!(said.status.success() && said.unfinished.is_empty(), "{signal}");
        assert_kept(&said, kept);
        println!("{signal}: ended in {:?} with {} and {} saved", said.took, kept.0, kept.1);
    }

    let (said, kept) = told("stuck", &["TERM"]);
    assert_eq!(said.unfinished, ["signal_stuck hang true"], "who never ends is listed");
    assert_eq!(said.ended.as_deref(), Some("ended false true"));
    assert!(said.status.success() && said.took < Duration::from_secs(30), "{:?}", said.took);
    assert_kept(&said, kept);
    println!("an action that never ends: cut off after {:?}", said.took);

    let (said, kept) = told("blocked", &["TERM"]);
    assert_eq!(said.unfinished, ["signal_stuck ? false"], "nobody knows of it more than that");
    assert!(said.status.success() && said.took < Duration::from_secs(30), "{:?}", said.took);
    assert_kept(&said, kept);
    println!("an action that holds on to a thread: cut off after {:?}", said.took);

    for (second, code) in [("INT", 130), ("TERM", 143)] {
        let (said, kept) = told("patient", &["TERM", second]);
        assert_eq!(said.status.code(), Some(code), "the second signal ends it at once");
        assert!(said.ended.is_none() && said.took < Duration::from_secs(30), "{:?}", said.took);
        assert!(kept.0 >= said.ledger, "{} of {} are saved", kept.0, said.ledger);
        println!("a second signal: ended after {:?}", said.took);
    }

    let (said, kept) = told("itself", &[]);
    assert_eq!(said.ended.as_deref(), Some("ended true true"), "somebody else has ended it");
    assert_kept(&said, kept);
    println!("a system that somebody else ends: returned");
}

/// Nothing that was acknowledged is missing.
#[track_caller]
fn assert_kept(said: &Said, (ledger, hits): (i64, i64)) {
    assert!(ledger >= said.ledger, "{ledger} of {} are saved", said.ledger);
    assert!(hits >= said.hits, "{hits} of {} hits are saved, later", said.hits);
    assert!(said.ledger > 5 && said.hits > 5, "it worked");
}

/// Starts a child, lets it work, and sends it the signals; says what it said, and what is saved.
fn told(scene: &str, signals: &[&str]) -> (Said, (i64, i64)) {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(DATA, directory.path())
        .env(SCENE, scene)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut ledger, mut hits) = (0, 0);
    let (mut unfinished, mut ended) = (Vec::new(), None);
    let mut began = None;
    for line in lines.by_ref() {
        let line = line.unwrap();
        match line.split_once(' ').unwrap() {
            ("ledger", count) => ledger = ledger.max(count.parse().unwrap()),
            ("hits", count) => hits = hits.max(count.parse().unwrap()),
            // It has seen the first one: the same signal again before that would be one.
            ("stops", _) => signals.iter().skip(1).for_each(|signal| send(&child, signal)),
            ("unfinished", who) => unfinished.push(who.to_owned()),
            ("ended", _) => ended = Some(line),
            _ => panic!("{line}"),
        }
        if began.is_none() && ledger > 20 && hits > 20 {
            began = Some(Instant::now());
            signals.iter().take(1).for_each(|signal| send(&child, signal));
        }
    }
    let status = child.wait().unwrap();
    let took = began.map_or(Duration::ZERO, |began| began.elapsed());
    (Said { ledger, hits, unfinished, ended, status, took }, kept(directory.path()))
}

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
    assert!(sent.success(), "{signal}");
}

/// What a new start finds.
fn kept(directory: &Path) -> (i64, i64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let system = start(directory, Duration::from_secs(5)).await;
        let counts = (
            system.actor::<Ledger>().count().await.unwrap(),
            system.actor::<Hits>().count().await.unwrap(),
        );
        system.shutdown().await.unwrap();
        counts
    })
}
