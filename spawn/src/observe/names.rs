//! Every metric of the crate. The table of the book's page on observability has the same rows, which a test of the book checks.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// A metric, as it is described to the recorder.
#[derive(Debug)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    kind: Kind,
    says: &'static str,
}

#[derive(Debug)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// `Kind NAME = "name" by "labels": "what it says";`. Each has the label `system` as well.
macro_rules! metrics {
    ($($kind:ident $constant:ident = $name:literal by $labels:literal: $says:literal;)+) => {
        $(
            #[doc = concat!($says, " Labels beside `system`: ", $labels)]
            pub(crate) const $constant: Metric = Metric { name: $name, kind: Kind::$kind, says: $says };
        )+

        const ALL: &[&Metric] = &[$(&$constant),+];
    };
}

metrics! {
    Counter ACTIVATIONS = "spawn_activations_total" by "actor":
        "Actors whose state came into memory.";
    Counter PASSIVATIONS = "spawn_passivations_total" by "actor":
        "Actors that left memory since they had been idle for long enough.";
    Counter ACTIONS = "spawn_actions_total" by "actor, action, outcome":
        "Actions that have ended; the outcome is `ok`, `error` or `panic`.";
    Histogram ACTION_SECONDS = "spawn_action_seconds" by "actor, action":
        "How long an action took, without its wait in the mailbox and without its commit.";
    Counter DELIVERIES = "spawn_deliveries_total" by "subscriber":
        "Events that were handed to an action or to an external subscriber, each attempt.";
    Counter RETRIES = "spawn_retries_total" by "subscriber":
        "Events, effects and scheduled calls that failed and come again.";
    Counter DEAD_LETTERS = "spawn_dead_letters_total" by "subscriber":
        "Dead letters that were written.";
    Counter TICKS_SKIPPED = "spawn_timer_ticks_skipped_total" by "actor, action":
        "Ticks that were due while the one before them still ran.";
    Counter BROADCASTS = "spawn_broadcasts_total" by "durable":
        "Events that were published; `durable` is `true` if they are in the log.";
    Counter MISSED = "spawn_missed_total" by "actor":
        "Events in no log that an instance of the actor had no room for, since too many waited.";
    Counter UNMATCHED = "spawn_unmatched_total" by "":
        "Events that came to an action without a clause for their type.";
    Counter COMMITS = "spawn_commits_total" by "outcome":
        "Commits; the outcome is `saved`, `refused` (it was made of something stale), `failed`, or `unknown` until the store has recovered.";
    Histogram COMMIT_SECONDS = "spawn_commit_seconds" by "":
        "How long a transaction took, with its sync.";
    Histogram GROUP_SIZE = "spawn_commit_group_size" by "":
        "How many commits shared a transaction.";
    Gauge ACTIVE = "spawn_active_actors" by "actor":
        "Actors with a state in memory.";
    Gauge MAILBOX = "spawn_mailbox_depth" by "actor":
        "Calls that wait in the fullest mailbox of the actor's instances.";
    Gauge LAG_EVENTS = "spawn_subscription_lag_events" by "subscriber, pattern":
        "Events that the subscription has not handled; of 10,000 in the log that are looked at.";
    Gauge LAG_SECONDS = "spawn_subscription_lag_seconds" by "subscriber, pattern":
        "The age of the oldest event that the subscription has not handled; 0 if it has handled all.";
    Gauge STORE_BYTES = "spawn_store_bytes" by "":
        "The size of the store's files.";
}

/// Tells the recorder what its metrics mean.
pub(super) fn describe() {
    for Metric { name, kind, says } in ALL {
        let unit = match name.rsplit('_').next() {
            Some("seconds") => Unit::Seconds,
            Some("bytes") => Unit::Bytes,
            _ => Unit::Count,
        };
        match kind {
            Kind::Counter => describe_counter!(*name, unit, *says),
            Kind::Gauge => describe_gauge!(*name, unit, *says),
            Kind::Histogram => describe_histogram!(*name, unit, *says),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_style_of_prometheus() {
        for Metric { name, kind, says } in ALL {
            assert!(name.starts_with("spawn_"), "{name}");
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
            assert_eq!(name.ends_with("_total"), matches!(kind, Kind::Counter), "{name}");
            assert!(says.ends_with('.'), "{name}");
        }
    }
}
