//! What a system found when it started.

use std::fmt;

use super::env::Env;
use crate::channel::Pattern;
use crate::definition::Definition;
use crate::event::Position;
use crate::store::{EventRow, SubscriptionRow, Survey};

/// What a system found in its store when it started, before it did anything; from [`System::recovery`](super::System::recovery).
///
/// `Display` is a sentence for people, which is in the log as well.
#[derive(Clone, Debug)]
pub struct Recovery {
    survey: Survey,
    /// Why it could not be read.
    fault: Option<String>,
    behind: Vec<Behind>,
    is_new: bool,
}

/// A subscription with events that it has not had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    subscriber: String,
    pattern: String,
    events: u64,
    is_at_least: bool,
}

/// Counts the events that each of these has not had, from where it is.
async fn count(env: &Env, later: &mut [(Position, Pattern, Behind)]) {
    let head = env.opened.head;
    let Some(mut after) = later.iter().map(|(reached, ..)| *reached).min() else { return };
    let (mut events, mut bytes) = (0, 0);
    while after < head && events < EVENTS && bytes < BYTES {
        let page = env.read(move |store| store.read_log(after, PAGE)).await;
        // What is damaged is told by whoever has to read it.
        let Ok(page) = page else { break };
        let Some(last) = page.last() else { return };
        after = last.position;
        events += page.len() as u64;
        for EventRow { position, event } in &page {
            bytes += event.payload.bytes.len();
            for (reached, pattern, behind) in &mut *later {
                behind.events += u64::from(position > reached && pattern.matches(&event.channel));
            }
        }
    }
    if after < head {
        for (.., behind) in later {
            behind.is_at_least = true;
        }
    }
}

/// How many events are looked at, and how many bytes of payloads, to say how far subscriptions are behind: a start does not wait for
/// more.
const EVENTS: u64 = 16_384;
const BYTES: usize = 16 << 20;

/// How many events are read at once.
const PAGE: usize = 256;

impl Recovery {
    /// Looks at what there is.
    pub(super) async fn look(
        env: &Env,
        registered: &[SubscriptionRow],
        definitions: &[&Definition],
    ) -> Self {
        let is_new = env.opened.epoch.0 <= 1;
        let now = env.clock.now();
        let survey = match env.read(move |store| store.survey(now)).await {
            Ok(survey) => survey,
            Err(error) => {
                let fault = Some(format!("{error:?}"));
                return Self { survey: Survey::default(), fault, behind: Vec::new(), is_new };
            }
        };
        // Each instance of these has a place of its own.
        let is_each_its_own = |row: &SubscriptionRow| {
            let is_its = |it: &&&Definition| it.name() == row.subscriber;
            definitions.iter().find(is_its).is_some_and(|it| it.is_each_its_own())
        };
        let head = env.opened.head;
        let later = |row: &SubscriptionRow| {
            let found = survey.reached.iter().find(|(id, _)| *id == row.id);
            let reached = found.map_or(row.since, |(_, reached)| row.since.max(*reached));
            let reached = reached.max(row.lapsed.unwrap_or_default());
            let text = row.pattern.split('#').next().unwrap_or_default();
            let pattern = Pattern::parse(text.to_owned()).ok()?;
            let behind = Behind {
                subscriber: row.subscriber.clone(),
                pattern: row.pattern.clone(),
                events: 0,
                is_at_least: false,
            };
            (reached < head).then_some((reached, pattern, behind))
        };
        let mut later: Vec<_> =
            registered.iter().filter(|row| !is_each_its_own(row)).filter_map(later).collect();
        count(env, &mut later).await;
        let all = later.into_iter().map(|(_, _, behind)| behind);
        let behind = all.filter(|it| it.events > 0 || it.is_at_least).collect();
        Self { survey, fault: None, behind, is_new }
    }

    /// Whether the numbers are known. They are not if the store is damaged where they would be counted, which does not keep a system
    /// from starting: what is sound in it is used, and `Display` says what is wrong.
    pub fn is_known(&self) -> bool {
        self.fault.is_none()
    }

    /// Whether there was nothing: the data was made by this start.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether the last run on this data ended in order: its store was closed. After a crash it was not, and what had been
    /// acknowledged is there all the same.
    pub fn was_closed(&self) -> bool {
        self.survey.was_closed
    }

    /// How many actors are saved. None of them is in memory before it is called.
    pub fn actors(&self) -> u64 {
        self.survey.actors
    }

    /// The subscriptions that have not had everything, in the order in which they were registered. The instances of an unnamed actor
    /// without routes have places of their own, and are not among them.
    pub fn behind(&self) -> &[Behind] {
        &self.behind
    }

    /// How many calls wait: effects, and calls for a later time.
    pub fn calls(&self) -> u64 {
        self.survey.calls
    }

    /// How many of the [calls](Self::calls) that wait were due before the start, and are made at once.
    pub fn overdue(&self) -> u64 {
        self.survey.overdue
    }

    /// How many [dead letters](super::System::dead_letters) there are.
    pub fn dead_letters(&self) -> u64 {
        self.survey.dead_letters
    }

    /// How many instances are parked: they could not handle an event, and go on by themselves.
    pub fn parked(&self) -> u64 {
        self.survey.parked
    }
}

impl Behind {
    /// The name of the actor, or `external:` and that of the external subscriber.
    pub fn subscriber(&self) -> &str {
        &self.subscriber
    }

    /// The channel or pattern.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// How many events it has not had.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Whether there may be more: a start counts no further than some 16,000 events, and 16 MiB.
    pub fn is_at_least(&self) -> bool {
        self.is_at_least
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(fault) = &self.fault {
            return write!(f, "what is there could not be counted: {fault}");
        }
        if self.is_new {
            return f.write_str("the data is new");
        }
        let last = if self.was_closed() { "in order" } else { "without being closed" };
        write!(f, "the last run ended {last}; there are {}", Many(self.actors(), "actor"))?;
        let many = Many(self.calls(), "call");
        write!(f, ", {many} that wait ({} due)", self.overdue())?;
        write!(f, ", {}", Many(self.dead_letters(), "dead letter"))?;
        write!(f, " and {}", Many(self.parked(), "parked instance"))?;
        let Some(most) = self.behind.iter().map(|it| it.events).max() else {
            return f.write_str("; no subscription is behind");
        };
        let many = Many(self.behind.len() as u64, "subscription");
        write!(f, "; {many} behind, by up to {}", Many(most, "event"))?;
        let is_at_least = self.behind.iter().any(|it| it.is_at_least);
        if is_at_least { f.write_str(" or more") } else { Ok(()) }
    }
}

/// How many there are of something.
struct Many(u64, &'static str);

impl fmt::Display for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(many, what) = self;
        write!(f, "{many} {what}{}", if *many == 1 { "" } else { "s" })
    }
}
