//! The memory over time, drawn.

use std::fmt::Write as _;
use std::ops::Range;

use crate::memory::{PARTS, Sample};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 280.0;
/// Left, above, right, below.
const MARGINS: (f64, f64, f64, f64) = (56.0, 46.0, 16.0, 40.0);

/// One for each part of the memory.
const COLOURS: [&str; PARTS.len()] = ["#9aa4b2", "#2a5db0", "#2e8b57", "#c2571a"];

/// Where the numbers of a plot are.
struct Area {
    end: f64,
    top: f64,
}

impl Area {
    fn x(&self, at: f64) -> f64 {
        let (left, _, right, _) = MARGINS;
        left + at / self.end * (WIDTH - left - right)
    }

    fn y(&self, mib: f64) -> f64 {
        let (_, above, _, below) = MARGINS;
        HEIGHT - below - mib / self.top * (HEIGHT - above - below)
    }
}

/// The samples; the load is shaded.
pub(crate) fn svg(samples: &[Sample], load: &Range<f64>) -> String {
    let end = samples.last().map_or(1.0, |it| it.at);
    let most = |sample: &Sample| PARTS.iter().map(|(_, of)| of(sample)).fold(1.0, f64::max);
    let peak = samples.iter().map(most).fold(1.0, f64::max);
    let area = Area { end, top: (peak / 20.0).ceil() * 20.0 };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#555\">\n\
         <title>Memory over a soak</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    frame(&mut svg, &area, load);
    let mut key = MARGINS.0;
    for ((name, of), colour) in PARTS.into_iter().zip(COLOURS) {
        writeln!(
            svg,
            "<text x=\"{key}\" y=\"20\" fill=\"{colour}\" font-weight=\"bold\">{name}</text>"
        )
        .unwrap();
        key += 130.0;
        let points = samples.iter().fold(String::new(), |text, sample| {
            format!("{text}{:.1},{:.1} ", area.x(sample.at), area.y(of(sample)))
        });
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
            points.trim_end()
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

/// What is behind the lines.
fn frame(svg: &mut String, area: &Area, load: &Range<f64>) {
    let (left, above, right, below) = MARGINS;
    let (from, to) = (area.x(load.start), area.x(load.end));
    let high = HEIGHT - above - below;
    writeln!(svg, "<rect x=\"{from:.1}\" y=\"{above}\" width=\"{:.1}\" height=\"{high:.1}\" fill=\"#eef3fb\"/>", to - from).unwrap();
    let (middle, under) = (f64::midpoint(from, to), above - 6.0);
    writeln!(svg, "<text x=\"{middle:.1}\" y=\"{under:.1}\" text-anchor=\"middle\">load</text>")
        .unwrap();
    for step in 0..=4 {
        let mib = area.top * f64::from(step) / 4.0;
        let (y, end) = (area.y(mib), WIDTH - right);
        writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{end}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>"
        )
        .unwrap();
        let (x, y) = (left - 6.0, y + 4.0);
        writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{mib:.0}</text>")
            .unwrap();
    }
    let every = (area.end / 6.0 / 60.0).ceil();
    let mut minute = 0.0;
    while minute * 60.0 <= area.end {
        let (x, y) = (area.x(minute * 60.0), HEIGHT - below + 18.0);
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{minute:.0} min</text>"
        )
        .unwrap();
        minute += every;
    }
    svg.push_str("<text x=\"8\" y=\"20\">MiB</text>\n");
}
