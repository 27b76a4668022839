//! What the page shows: the last events, each once, in the order in which they happened.

use std::collections::HashMap;
use std::time::SystemTime;

use serde::Serialize;
use spawn::prelude::*;

use crate::events::{NotificationSent, OrderCreated, UserCreated};

/// Says that there is another row.
pub const NEWS: &str = "feed.news";

/// How many rows are kept. All of them are saved with each event.
const KEPT: usize = 200;

#[message(name = "live_dashboard.News")]
pub struct News {}

// ANCHOR: row
/// An event, as the page shows it.
#[message(name = "live_dashboard.Row")]
#[derive(Serialize)]
pub struct Row {
    /// The id of the event.
    pub id: String,
    pub channel: String,
    /// When it was published, in milliseconds since 1970.
    pub at: i64,
    /// How many the channel has had, with this one.
    pub number: i64,
    pub what: What,
}

#[message(name = "live_dashboard.What")]
#[derive(Serialize)]
#[serde(untagged)]
pub enum What {
    User(UserCreated),
    Order(OrderCreated),
    Notification(NotificationSent),
}
// ANCHOR_END: row

impl What {
    /// What happened, if it is something that the page shows.
    fn of(event: &Event) -> spawn::Result<Option<Self>> {
        Ok(if event.is::<UserCreated>() {
            Some(Self::User(event.decode()?))
        } else if event.is::<OrderCreated>() {
            Some(Self::Order(event.decode()?))
        } else if event.is::<NotificationSent>() {
            Some(Self::Notification(event.decode()?))
        } else {
            None
        })
    }
}

/// The rows after another one.
#[message(name = "live_dashboard.Rows")]
pub struct Rows {
    /// Whether that one is not kept any more, or is of another system. The rows are then all that there are.
    pub anew: bool,
    pub rows: Vec<Row>,
}

// ANCHOR: feed
#[message(name = "live_dashboard.Feed")]
pub struct Feed {
    rows: Vec<Row>,
    /// How many events there were, by channel.
    counts: HashMap<String, i64>,
}

#[actor(
    name = "feed",
    channels = [("user.events", record), ("order.events", record), ("notification.events", record)],
)]
impl Feed {
    /// Keeps an event. That it was kept is saved with the feed's place in the channels, so that it is kept once.
    #[action]
    fn record(&mut self, event: Event) -> spawn::Result<Value<()>> {
        let Some(what) = What::of(&event)? else { return Ok(Value::of()) };
        let channel = event.channel().to_string();
        let number = self.counts.entry(channel.clone()).or_default();
        *number += 1;
        let id = event.id().to_string();
        self.rows.push(Row {
            id,
            channel,
            at: millis(event.published_at()),
            number: *number,
            what,
        });
        let spare = self.rows.len().saturating_sub(KEPT);
        self.rows.drain(..spare);
        Ok(Value::of().broadcast(Broadcast::to(NEWS, News {})))
    }

    /// The rows after the one with this id; all of them if it is empty.
    #[action]
    pub fn after(&self, id: String) -> Rows {
        let found = self.rows.iter().rposition(|row| row.id == id);
        let begin = found.map_or(0, |at| at + 1);
        let anew = found.is_none() && !id.is_empty();
        Rows { anew, rows: self.rows.get(begin..).unwrap_or_default().to_vec() }
    }
}
// ANCHOR_END: feed

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
