//! The rows of the feed as server-sent events.

use std::collections::VecDeque;
use std::time::Duration;

use axum::response::sse::Event as Sent;
use spawn::{BoxError, EventStream, System};

use crate::feed::{Feed, NEWS};

/// How long a page waits before it comes back.
const RETRY: Duration = Duration::from_millis(500);

// ANCHOR: live
/// What one page gets.
pub struct Live {
    system: System,
    news: EventStream,
    /// The id of the row that it had last; empty at first.
    last: String,
    ready: VecDeque<Sent>,
    began: bool,
}

impl Live {
    /// Goes on after the row `last`, which the browser names when it comes back. Listens from here on and reads then, so that what is
    /// recorded in between is read, or rings.
    pub fn after(system: System, last: String) -> spawn::Result<Self> {
        let news = system.subscribe(NEWS)?;
        Ok(Self { system, news, last, ready: VecDeque::new(), began: false })
    }

    /// The next thing for the page; `None` when the system has stopped. What is sent comes from the actor, whose rows are saved;
    /// the news only say when to ask.
    pub async fn next(&mut self) -> Option<Result<Sent, BoxError>> {
        loop {
            if let Some(sent) = self.ready.pop_front() {
                return Some(Ok(sent));
            }
            if self.began {
                self.news.next().await?;
                while self.news.try_next().is_some() {}
            } else {
                self.began = true;
                self.ready.push_back(Sent::default().retry(RETRY));
            }
            if let Err(error) = self.read().await {
                return Some(Err(error));
            }
        }
    }

    async fn read(&mut self) -> Result<(), BoxError> {
        let found = self.system.actor::<Feed>().after(self.last.clone()).await?;
        if found.anew {
            self.last.clear();
            // An event without data is none to a browser.
            self.ready.push_back(Sent::default().event("anew").data(found.rows.len().to_string()));
        }
        for row in found.rows {
            self.ready.push_back(Sent::default().id(&row.id).json_data(&row)?);
            self.last = row.id;
        }
        Ok(())
    }
}
// ANCHOR_END: live
