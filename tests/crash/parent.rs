//! The process that kills, remembers and checks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use spawn_tests::Random;

use crate::DATA;
use crate::child::{PATIENCE, PUBLISHERS, SPLIT};

/// How the children keep their data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    AsItIs,
    /// Encrypted, with a second key after some rounds.
    Encrypted,
    /// Wrong on purpose.
    SplitCursor,
}

const KEY: &str = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
const ROTATED: &str =
    "2:zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0=,1:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

/// How long a child may take until it has said what is there: longer than its own patience, so that it says what is missing.
const START: Duration = PATIENCE.saturating_mul(3);

/// What was seen, if nothing was wrong.
pub(crate) struct Report {
    rounds: u64,
    acknowledged: usize,
    states: u32,
    repeated: usize,
    elapsed: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, acknowledged, states, repeated, elapsed } = self;
        write!(
            f,
            "{rounds} rounds in {elapsed:.1?}: {acknowledged} calls acknowledged, {repeated} repeated after a kill, \
             {states} times everything compared; nothing missing, nothing twice, nothing out of order"
        )
    }
}

/// What the parent knows.
#[derive(Default)]
struct Record {
    /// The number that each token was acknowledged with, by publisher.
    acknowledged: BTreeMap<String, BTreeMap<u64, u64>>,
    /// What was begun and not acknowledged.
    open: BTreeSet<(String, u64)>,
    next_token: u64,
    states: u32,
    repeated: usize,
}

pub(crate) fn run(rounds: u64, seed: u64, way: Way) -> Result<Report, String> {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random(seed);
    let mut record = Record { next_token: 1, ..Record::default() };
    let began = Instant::now();
    for round in 1..=rounds {
        let outcome = kill_once(directory.path(), &mut record, &mut random, way);
        outcome.map_err(|error| format!("round {round}: {error}"))?;
    }
    // The last one is left to say what is there.
    play(directory.path(), &mut record, way, Life::UntilState(START))?;
    check_notes(directory.path(), &record)?;
    Ok(Report {
        rounds,
        acknowledged: record.acknowledged.values().map(BTreeMap::len).sum(),
        states: record.states,
        repeated: record.repeated,
        elapsed: began.elapsed(),
    })
}

/// How long a child lives.
#[derive(Clone, Copy)]
enum Life {
    /// So long from its start, whatever it does.
    FromStart(Duration),
    /// So long after it has said what is there.
    FromState(Duration),
    /// Until it has said what is there, and no longer than this.
    UntilState(Duration),
}

fn kill_once(
    directory: &Path,
    record: &mut Record,
    random: &mut Random,
    way: Way,
) -> Result<(), String> {
    let life = if random.below(4) == 0 {
        Life::FromStart(Duration::from_millis(5 + random.below(120)))
    } else {
        Life::FromState(Duration::from_millis(1 + random.below(150)))
    };
    play(directory, record, way, life)?;
    check_notes(directory, record)
}

fn start(directory: &Path, record: &Record, way: Way) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(DATA, directory).stdin(Stdio::piped()).stdout(Stdio::piped());
    match way {
        Way::AsItIs => {}
        Way::Encrypted if record.states < 4 => drop(command.env("SPAWN_STATESTORE_KEY", KEY)),
        Way::Encrypted => drop(command.env("SPAWN_STATESTORE_KEY", ROTATED)),
        Way::SplitCursor => drop(command.env(SPLIT, "1")),
    }
    let mut child = command.spawn().unwrap();
    let mut orders = String::new();
    for (publisher, token) in &record.open {
        writeln!(orders, "{publisher} {token}").unwrap();
    }
    writeln!(orders, "\n{}", record.next_token).unwrap();
    child.stdin.take().unwrap().write_all(orders.as_bytes()).unwrap();
    child
}

/// Lets a child live and kills it, and notes what it says.
fn play(directory: &Path, record: &mut Record, way: Way, life: Life) -> Result<(), String> {
    record.repeated += record.open.len();
    let mut child = start(directory, record, way);
    let (lines, said) = mpsc::channel();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    let began = Instant::now();
    let mut end = match life {
        Life::FromStart(life) | Life::UntilState(life) => began + life,
        Life::FromState(_) => began + START,
    };
    let mut seen_state = false;
    let mut outcome = Ok(());
    loop {
        match said.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(word) => {
                let is_state = word.starts_with("state ");
                outcome = outcome.and_then(|()| record.note(&word));
                if is_state {
                    seen_state = true;
                    match life {
                        Life::FromState(life) => end = Instant::now() + life,
                        Life::UntilState(_) => break,
                        Life::FromStart(_) => {}
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                outcome = outcome.and(Err("the child ended by itself".to_owned()));
                break;
            }
        }
        if Instant::now() >= end {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    // What it said before it died counts.
    for line in said.try_iter() {
        outcome = outcome.and_then(|()| record.note(&line));
    }
    if !seen_state && !matches!(life, Life::FromStart(_)) {
        outcome = outcome.and(Err("the child did not get ready".to_owned()));
    }
    outcome
}

impl Record {
    /// # Errors
    /// If what the child says cannot be true.
    fn note(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split(' ');
        match words.next() {
            Some("open") => {
                let (publisher, token) = publisher_and_token(&mut words);
                self.next_token = self.next_token.max(token + PUBLISHERS.len() as u64);
                self.open.insert((publisher, token));
                Ok(())
            }
            Some("ack") => {
                let (publisher, token) = publisher_and_token(&mut words);
                let number = words.next().and_then(|it| it.parse().ok()).unwrap();
                self.open.remove(&(publisher.clone(), token));
                match self.acknowledged.entry(publisher).or_default().insert(token, number) {
                    Some(before) if before != number => {
                        Err(format!("token {token} was number {before} and is {number} now"))
                    }
                    _ => Ok(()),
                }
            }
            Some("state") => self.check(words),
            _ => Ok(()),
        }
    }

    /// Compares what every actor has with what was acknowledged.
    fn check<'a>(&mut self, words: impl Iterator<Item = &'a str>) -> Result<(), String> {
        self.states += 1;
        if !self.open.is_empty() {
            return Err(format!("not acknowledged: {:?}", self.open));
        }
        for word in words.filter(|word| !word.is_empty()) {
            let (key, value) = word.split_once('=').unwrap();
            if ["out_of_order", "unheard"].contains(&key) {
                if value != "0" {
                    return Err(format!("{value} events {key}"));
                }
                continue;
            }
            let known = self.acknowledged.get(key);
            let count = known.map_or(0, BTreeMap::len);
            let sum = known.map_or(0, |it| it.keys().fold(0, |sum: u64, it| sum.wrapping_add(*it)));
            let expected = format!("{count}:{sum}");
            let names =
                ["said", "mirror", "slow mirror", "follower", "effects at once", "effects later"];
            for (name, tally) in names.iter().zip(value.split(',')) {
                if tally != expected {
                    return Err(format!("{key}: {name} has {tally}, acknowledged are {expected}"));
                }
            }
        }
        Ok(())
    }
}

fn publisher_and_token<'a>(words: &mut impl Iterator<Item = &'a str>) -> (String, u64) {
    let publisher = words.next().unwrap().to_owned();
    (publisher, words.next().and_then(|it| it.parse().ok()).unwrap())
}

/// What the stateless subscriber wrote down: everything at least once, for the first time in order.
///
/// It may be behind what was acknowledged, by what was not delivered before the kill; the numbers have no gap.
fn check_notes(directory: &Path, record: &Record) -> Result<(), String> {
    let text = std::fs::read_to_string(directory.join("notes")).unwrap_or_default();
    let mut highest: BTreeMap<&str, u64> = BTreeMap::new();
    for line in text.lines() {
        let Some((publisher, number)) = line.split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        let last = highest.entry(publisher).or_default();
        if number > *last + 1 {
            return Err(format!("{publisher}: the ear heard {number} after {last}"));
        }
        *last = number.max(*last);
    }
    for (publisher, acknowledged) in &record.acknowledged {
        let said = acknowledged.values().copied().max().unwrap_or_default();
        let heard = highest.get(publisher.as_str()).copied().unwrap_or_default();
        if record.open.is_empty() && heard > said {
            return Err(format!("{publisher} said {said} things, the ear heard {heard}"));
        }
    }
    Ok(())
}
