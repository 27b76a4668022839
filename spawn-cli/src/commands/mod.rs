//! What each command does.

mod actors;
mod data;
mod letters;
mod log;

use spawn::ActorId;
use spawn::store::{DataDirectory, StoreError};

use crate::arguments::{Arguments, Command, Page};
use crate::report::Report;

/// Why a command has nothing to report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A name or an id is none.
    #[error(transparent)]
    Name(#[from] spawn::Error),
    /// There is no such thing, or it cannot be done.
    #[error("{0}")]
    Refused(String),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let data = DataDirectory::open(&arguments.data)?;
    match &arguments.command {
        Command::Overview => data::overview(&data),
        Command::Actors { part, page } => actors::list(&data, part, page),
        Command::State { name, id, revision } => {
            actors::state(&data, &actor(name, id.as_deref())?, *revision)
        }
        Command::History { name, id } => actors::history(&data, &actor(name, id.as_deref())?),
        Command::Channels => log::channels(&data),
        Command::Log { channel, after, limit } => log::events(&data, channel, *after, *limit),
        Command::Subscriptions => log::subscriptions(&data),
        Command::Schedules(page) => letters::schedules(&data, page),
        Command::DeadLetters(page) => letters::list(&data, page),
        Command::Replay { id } => letters::replay(&data, *id),
        Command::Discard { id } => letters::discard(&data, *id),
        Command::Check => data::check(&data),
        Command::Backup { target } => data::backup(&data, target),
    }
}

/// `order 2026-1` and `order/2026-1` are the same.
fn actor(name: &str, id: Option<&str>) -> Result<ActorId, Failure> {
    Ok(match id {
        Some(id) => ActorId::parse(&format!("{name}/{id}"))?,
        None => ActorId::parse(name)?,
    })
}

impl Page {
    /// The number that the page begins after.
    fn number(&self) -> Result<u64, Failure> {
        let Some(after) = &self.after else { return Ok(0) };
        let no_number =
            |_| Failure::Refused(format!("--after is a whole number here, not {after:?}"));
        after.parse().map_err(no_number)
    }
}
