//! A plot with two logarithmic axes, and the same as a table.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use plotters::prelude::*;
use serde_json::json;

pub struct Line {
    pub name: &'static str,
    pub points: Vec<(f64, f64)>,
}

pub struct Plot {
    pub title: &'static str,
    pub x: &'static str,
    pub y: &'static str,
    pub lines: Vec<Line>,
}

/// Colours that can be told apart, also without colour by their order in the legend.
const COLOURS: [RGBColor; 3] = [RGBColor(0, 90, 160), RGBColor(200, 90, 0), RGBColor(90, 140, 40)];

impl Plot {
    pub fn markdown(&self) -> String {
        let names: Vec<_> = self.lines.iter().map(|line| line.name).collect();
        let mut text = String::new();
        let _ = writeln!(text, "| {} | {} |", self.x, names.join(" | "));
        let _ = writeln!(text, "| ---: |{}", " ---: |".repeat(names.len()));
        for (place, (x, _)) in self.lines[0].points.iter().enumerate() {
            let cells = self.lines.iter().map(|line| number(line.points[place].1));
            let _ = writeln!(text, "| {x} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
        text
    }

    /// Into the book, as `name`: a picture, a table, and the points.
    pub fn write(&self, name: &str) {
        let directory = book();
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(format!("{name}.md")), self.markdown()).unwrap();
        let lines =
            self.lines.iter().map(|line| json!({ "name": line.name, "points": line.points }));
        let json = json!({ "title": self.title, "x": self.x, "y": self.y, "lines": lines.collect::<Vec<_>>() });
        let json = serde_json::to_string_pretty(&json).unwrap();
        fs::write(directory.join(format!("{name}.json")), json + "\n").unwrap();
        self.draw(&directory.join(format!("{name}.svg")));
    }

    fn draw(&self, file: &Path) {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let range = |values: &mut dyn Iterator<Item = f64>, margin: f64| {
            let all: Vec<_> = values.collect();
            let least = all.iter().copied().fold(f64::MAX, f64::min);
            let most = all.iter().copied().fold(f64::MIN, f64::max);
            least / margin..most * margin
        };
        let x = range(&mut points().map(|point| point.0), 1.2);
        let y = range(&mut points().map(|point| point.1), 3.0);
        let area = SVGBackend::new(file, (720, 420)).into_drawing_area();
        area.fill(&WHITE).unwrap();
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(70)
            .build_cartesian_2d(x.log_scale(), y.log_scale())
            .unwrap();
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .x_label_formatter(&|x| number(*x))
            .y_label_formatter(&|y| number(*y))
            .light_line_style(TRANSPARENT)
            .draw()
            .unwrap();
        for (line, colour) in self.lines.iter().zip(COLOURS) {
            let series = LineSeries::new(line.points.iter().copied(), colour.stroke_width(2));
            chart.draw_series(series).unwrap().label(line.name).legend(move |(x, y)| {
                PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2))
            });
            let dots = line.points.iter().map(|point| Circle::new(*point, 3, colour.filled()));
            chart.draw_series(dots).unwrap();
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .draw()
            .unwrap();
        area.present().unwrap();
    }
}

/// Three digits.
fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../book/src/performance")
}
