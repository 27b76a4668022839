//! Reading the event log.

use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use crate::channel::Pattern;
use crate::error::Result;
use crate::event::{Event, Position};
use crate::store::EventRow;
use crate::system::{Env, System};

/// How many events a page has, unless said otherwise.
const LIMIT: usize = 100;

/// How many rows are read at once.
const ROWS: usize = 512;

/// How many rows of the log one page looks at, at most.
const MOST: usize = 10_000;

/// Reads what is left of the event log; from [`System::log`]. Nothing happens before it is awaited, which gives a [`LogPage`].
///
/// Without [`after`](Log::after) it gives the newest events. Events of transient channels are in no log.
///
/// # Errors
/// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if the store cannot be read;
/// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
///
/// # Cancel safety
/// It changes nothing, and can be dropped at any time.
///
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # #[derive(Default)] pub struct Shelf;
/// # #[actor(stateful = false, name = "doc_shelf")] impl Shelf { #[action] fn done(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("doc").in_memory().only::<(Shelf,)>().start().await?;
/// for number in 1..=5_i64 {
///     system.broadcast(Broadcast::to("doc.numbers", number)).await?;
/// }
/// let newest = system.log("doc.*")?.limit(2).await?;
/// assert_eq!(newest.events[0].decode::<i64>()?, 4);
/// let before = system.log("doc.*")?.before(newest.reached).limit(2).await?;
/// assert_eq!(before.events[1].decode::<i64>()?, 3);
/// # Ok(()) }
/// ```
#[must_use = "nothing is read before it is awaited"]
pub struct Log {
    system: System,
    pattern: Pattern,
    from: From,
    limit: usize,
}

#[derive(Clone, Copy, Debug)]
enum From {
    After(Position),
    Before(Position),
    End,
}

/// Some of the events of the log; from [`Log`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogPage {
    /// The events, the oldest first.
    pub events: Vec<Event>,
    /// How far was read: to be given to [`Log::after`], or to [`Log::before`], for the next page. One page looks at some ten
    /// thousand events of all channels at most, so that it may have fewer than were asked for, and none, though there are more.
    pub reached: Position,
    /// Whether there is nothing beyond `reached`.
    pub is_last: bool,
}

impl Log {
    pub(super) fn new(system: System, pattern: Pattern) -> Self {
        Self { system, pattern, from: From::End, limit: LIMIT }
    }

    /// The first events after this position.
    pub fn after(mut self, position: Position) -> Self {
        self.from = From::After(position);
        self
    }

    /// The last events before this position.
    pub fn before(mut self, position: Position) -> Self {
        self.from = From::Before(position);
        self
    }

    /// At most so many events; 100 unless said otherwise.
    pub fn limit(mut self, events: usize) -> Self {
        self.limit = events;
        self
    }

    async fn run(self) -> Result<LogPage> {
        let env = Arc::clone(&self.system.core()?.env);
        match self.from {
            From::After(position) => self.forwards(&env, position).await,
            From::Before(position) => self.backwards(&env, position).await,
            From::End => {
                let end = Position(env.channels.head().0.saturating_add(1));
                self.backwards(&env, end).await
            }
        }
    }

    fn matches(&self, row: &EventRow) -> bool {
        self.pattern.matches(&row.event.channel)
    }

    async fn forwards(self, env: &Arc<Env>, after: Position) -> Result<LogPage> {
        let mut page = LogPage { events: Vec::new(), reached: after, is_last: false };
        let mut looked_at = 0;
        while page.events.len() < self.limit && looked_at < MOST {
            let after = page.reached;
            let rows = env.read(move |store| store.read_log(after, ROWS)).await?;
            looked_at += rows.len();
            page.is_last = rows.len() < ROWS;
            for row in rows {
                if page.events.len() == self.limit {
                    page.is_last = false;
                    break;
                }
                page.reached = row.position;
                if self.matches(&row) {
                    page.events.push(Event::from_row(env.opened.identity, row));
                }
            }
            if page.is_last {
                break;
            }
        }
        Ok(page)
    }

    async fn backwards(self, env: &Arc<Env>, before: Position) -> Result<LogPage> {
        let first = env.read(|store| store.read_log(Position(0), 1)).await?;
        // Retention has left nothing before it.
        let first = first.first().map_or(before, |row| row.position);
        let mut events = VecDeque::new();
        let mut reached = before;
        let mut looked_at = 0;
        'looking: while first < reached && looked_at < MOST {
            let (end, begin) = (reached, Position(reached.0.saturating_sub(ROWS as u64 + 1)));
            let rows = env.read(move |store| store.read_log(begin, ROWS)).await?;
            looked_at += ROWS;
            for row in rows.into_iter().rev().filter(|row| row.position < end) {
                if events.len() == self.limit {
                    break 'looking;
                }
                reached = row.position;
                if self.matches(&row) {
                    events.push_front(Event::from_row(env.opened.identity, row));
                }
            }
            // Also where retention has left a gap.
            reached = reached.min(Position(begin.0 + 1));
        }
        Ok(LogPage { events: events.into(), reached, is_last: reached <= first })
    }
}

impl IntoFuture for Log {
    type Output = Result<LogPage>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pattern, from, limit, .. } = self;
        write!(f, "Log({}, {from:?}, {limit})", pattern.as_str())
    }
}
