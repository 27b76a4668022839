//! What a person reads.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::Phase;
use crate::load::Done;
use crate::memory::Sample;

pub(crate) struct Report<'r> {
    pub(crate) phases: &'r [Phase; 3],
    pub(crate) samples: &'r [Sample],
    pub(crate) done: &'r Done,
    pub(crate) woken: u64,
    pub(crate) settling: Duration,
    pub(crate) growth: f64,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
/// Left, above, right, below.
const MARGINS: (f64, f64, f64, f64) = (56.0, 28.0, 16.0, 40.0);

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
        let peak = self.samples.iter().map(|(_, mib)| *mib).fold(0.0, f64::max);
        writeln!(text, "| most memory, MiB | {peak:.1} |").unwrap();
        writeln!(
            text,
            "| memory in the last third of the load, more than in the middle one, MiB | {:.1} |",
            self.growth
        )
        .unwrap();
        text
    }

    /// The memory over time; the load is shaded.
    pub(crate) fn svg(&self) -> String {
        let (left, above, right, below) = MARGINS;
        let end = self.samples.last().map_or(1.0, |(at, _)| *at);
        let peak = self.samples.iter().map(|(_, mib)| *mib).fold(1.0, f64::max);
        let top = (peak / 20.0).ceil() * 20.0;
        let x = |at: f64| left + at / end * (WIDTH - left - right);
        let y = |mib: f64| HEIGHT - below - mib / top * (HEIGHT - above - below);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#555\">\n\
             <title>Resident memory over a soak</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
        );
        let load = &self.phases[1].seconds;
        let (from, to) = (x(load.start), x(load.end));
        writeln!(svg, "<rect x=\"{from:.1}\" y=\"{above}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#eef3fb\"/>", to - from, HEIGHT - above - below).unwrap();
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">load</text>",
            f64::midpoint(from, to),
            above + 16.0
        )
        .unwrap();
        for step in 0..=4 {
            let mib = top * f64::from(step) / 4.0;
            let at = y(mib);
            writeln!(
                svg,
                "<line x1=\"{left}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>",
                WIDTH - right
            )
            .unwrap();
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{mib:.0}</text>",
                left - 6.0,
                at + 4.0
            )
            .unwrap();
        }
        for step in 0..=6 {
            let at = end * f64::from(step) / 6.0;
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{at:.0} s</text>",
                x(at),
                HEIGHT - below + 18.0
            )
            .unwrap();
        }
        svg.push_str("<text x=\"8\" y=\"18\">MiB</text>\n");
        let points: String = self
            .samples
            .iter()
            .fold(String::new(), |text, (at, mib)| format!("{text}{:.1},{:.1} ", x(*at), y(*mib)));
        writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#2a5db0\" stroke-width=\"1.5\"/>\n</svg>", points.trim_end()).unwrap();
        svg
    }
}
