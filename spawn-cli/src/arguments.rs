//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Looks into the data of a spawn system, and does what can be done while it is stopped.
///
/// Whatever only reads also works while the system runs. `replay` and `discard` need it stopped, and say which process has the data.
#[derive(Debug, Parser)]
#[command(name = "spawn-cli", version)]
pub(crate) struct Arguments {
    /// The data directory: the one with `spawn.db` in it
    #[arg(long, short, global = true, default_value = ".", value_name = "DIRECTORY")]
    pub(crate) data: PathBuf,

    /// Prints JSON instead of a table
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// How much there is of everything
    Overview,
    /// Lists the saved actors
    Actors {
        /// Only those whose id has this text in it
        #[arg(default_value = "", hide_default_value = true)]
        part: String,
        #[command(flatten)]
        page: Page,
    },
    /// Shows the state of an actor
    State {
        /// The name of the actor, or its whole id: `order`, `order/2026-1`
        name: String,
        /// The id of the instance of an unnamed actor
        id: Option<String>,
        /// An earlier revision that is kept
        #[arg(long, short)]
        revision: Option<u64>,
    },
    /// Lists the revisions of an actor that are kept
    History {
        /// The name of the actor, or its whole id
        name: String,
        /// The id of the instance of an unnamed actor
        id: Option<String>,
    },
    /// Lists the channels that have events in the log
    Channels,
    /// Lists events of the log
    Log {
        /// A channel or a pattern
        #[arg(default_value = ">")]
        channel: String,
        /// Only events after this position
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Lists the durable subscriptions and how far each is behind
    #[command(visible_alias = "lag")]
    Subscriptions,
    /// Lists the effects and calls that wait
    Schedules(Page),
    /// Lists what was given up
    DeadLetters(Page),
    /// Has the next start of the system replay a dead letter
    Replay {
        /// The id of the dead letter
        id: u64,
    },
    /// Forgets a dead letter
    Discard {
        /// The id of the dead letter
        id: u64,
    },
    /// Checks the file and whether its rows fit together; ends with 1 if something is wrong
    Check,
    /// Copies the data into another directory, also while the system runs, and checks the copy
    Backup {
        /// The directory of the copy; it has no data yet
        target: PathBuf,
    },
}

/// A part of a list.
#[derive(Args, Debug)]
pub(crate) struct Page {
    /// Only those after this id
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: usize,
}
