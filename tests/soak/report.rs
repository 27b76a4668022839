//! What a person reads.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::Phase;
use crate::load::Done;
use crate::memory::{self, Sample, Thirds};

pub(crate) struct Report<'r> {
    pub(crate) phases: &'r [Phase; 3],
    pub(crate) samples: &'r [Sample],
    pub(crate) done: &'r Done,
    pub(crate) woken: u64,
    pub(crate) settling: Duration,
}

impl Report<'_> {
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from(
            "| load | seconds | calls timed | p50 | p90 | p99 | p99.9 | longest |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for Phase { name, seconds, latency } in self.phases {
            let length = seconds.end - seconds.start;
            write!(text, "| {name} | {length:.0} | {} |", latency.count()).unwrap();
            for per_mille in [500, 900, 990, 999] {
                write!(text, " {:.2} ms |", latency.quantile(per_mille)).unwrap();
            }
            writeln!(text, " {:.1} ms |", latency.longest()).unwrap();
        }
        let Done { said, visits, repeated, errors, panics, naps, .. } = self.done;
        let events: u64 = said.values().map(|tally| tally.count).sum();
        let visits = visits.iter().map(|visits| visits.load(Ordering::Relaxed));
        let visits: Vec<_> = visits.filter(|visits| *visits > 0).collect();
        let all_visits: u64 = visits.iter().sum();
        text.push_str("\n| | |\n| --- | ---: |\n");
        for (name, number) in [
            (
                "events published, each reflected once by three kinds of durable subscribers, in order",
                events,
            ),
            ("effects, half of them delayed, each done once", 2 * events),
            ("calls of visitors", all_visits),
            ("visitors, passive after a second", visits.len() as u64),
            ("activations of visitors", self.woken),
            ("errors of handlers", *errors),
            ("panics of handlers", *panics),
            ("calls repeated because of them", *repeated),
            ("naps of slow subscribers", *naps),
        ] {
            writeln!(text, "| {name} | {number} |").unwrap();
        }
        let settling = self.settling.as_secs_f64();
        writeln!(text, "| seconds until the last subscriber had everything, and all was compared | {settling:.1} |").unwrap();
        text.push_str(
            "\n| memory, MiB | most | middle third of the load | last third | more |\n| --- | ---: | ---: | ---: | ---: |\n",
        );
        let load = &self.phases[1].seconds;
        for (name, of) in memory::PARTS {
            let most = self.samples.iter().map(of).fold(0.0, f64::max);
            let Thirds { middle, last } = memory::thirds(self.samples, load, of);
            let more = last - middle;
            writeln!(text, "| {name} | {most:.1} | {middle:.2} | {last:.2} | {more:+.2} |")
                .unwrap();
        }
        text
    }
}
