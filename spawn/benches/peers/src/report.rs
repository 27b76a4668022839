//! What the run came to, for people and for programs.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::peer::PEERS;
use crate::work::{Sample, Work};

/// The nanoseconds of one call, message, delivery or activation.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub median: f64,
    pub least: f64,
    pub most: f64,
    /// Whether less arrived than was sent.
    pub lost: bool,
}

impl Figure {
    pub fn of(samples: &[Sample]) -> Option<Self> {
        let mut nanos: Vec<f64> = samples.iter().map(Sample::nanos).collect();
        nanos.sort_by(f64::total_cmp);
        let lost = samples.iter().any(|sample| sample.lost);
        let (least, most) = (*nanos.first()?, *nanos.last()?);
        Some(Self { median: nanos[nanos.len() / 2], least, most, lost })
    }

    fn text(figure: Option<Self>) -> String {
        match figure {
            None => "-".to_owned(),
            Some(Self { lost: true, .. }) => "loses some".to_owned(),
            Some(Self { median, least, most, .. }) => {
                format!("**{median:.0}** ({least:.0} to {most:.0})")
            }
        }
    }
}

/// The bytes of an idle actor of everyone, with so many.
#[derive(Debug)]
pub struct Idle {
    pub actors: u64,
    pub bytes: Vec<Option<u64>>,
}

#[derive(Debug, Default)]
pub struct Report {
    pub work: Vec<(Work, Vec<Option<Figure>>)>,
    pub idle: Vec<Idle>,
}

impl Report {
    /// One line of the table.
    pub fn row(&self, place: usize) -> String {
        let (work, figures) = &self.work[place];
        let mut row = format!("| {} |", work.title());
        for figure in figures {
            let _ = write!(row, " {} |", Figure::text(*figure));
        }
        let libraries = PEERS.iter().zip(figures).filter(|(peer, _)| peer.is_library);
        let medians = libraries.filter_map(|(_, it)| it.filter(|it| !it.lost).map(|it| it.median));
        let ratio =
            medians.min_by(f64::total_cmp).zip(figures[0]).map(|(them, us)| them / us.median);
        let _ = write!(row, " {} |", ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.1}")));
        row
    }

    pub fn markdown(&self) -> String {
        let names: Vec<&str> = PEERS.iter().map(|peer| peer.name).collect();
        let mut text = String::new();
        let _ = writeln!(
            text,
            "| nanoseconds of one | {} | fastest library / spawn |",
            names.join(" | ")
        );
        let _ = writeln!(text, "| --- |{} --- |", " ---: |".repeat(names.len()));
        for place in 0..self.work.len() {
            let _ = writeln!(text, "{}", self.row(place));
        }
        if self.idle.is_empty() {
            return text;
        }
        let _ = writeln!(text, "\n| bytes of an idle actor | {} |", names[..5].join(" | "));
        let _ = writeln!(text, "| --- |{}", " ---: |".repeat(5));
        for Idle { actors, bytes } in &self.idle {
            let cells = bytes[..5].iter().map(|it| it.map_or("-".to_owned(), |it| it.to_string()));
            let cells: Vec<_> = cells.collect();
            let _ = writeln!(text, "| of {actors} | {} |", cells.join(" | "));
        }
        text
    }

    fn json(&self) -> Value {
        let figures = |figures: &[Option<Figure>]| -> Value {
            let all = PEERS.iter().zip(figures).filter_map(|(peer, figure)| {
                let Figure { median, least, most, lost } = (*figure)?;
                let figure =
                    json!({ "median": median, "least": least, "most": most, "lost": lost });
                Some((peer.name.to_owned(), figure))
            });
            all.collect::<serde_json::Map<_, _>>().into()
        };
        let work = self
            .work
            .iter()
            .map(|(work, of)| json!({ "work": work.title(), "nanoseconds": figures(of) }));
        let idle = self.idle.iter().map(|Idle { actors, bytes }| {
            let bytes: serde_json::Map<_, _> = PEERS
                .iter()
                .zip(bytes)
                .filter_map(|(peer, bytes)| Some((peer.name.to_owned(), (*bytes)?.into())))
                .collect();
            json!({ "actors": actors, "bytes": bytes })
        });
        json!({ "work": work.collect::<Vec<_>>(), "idle": idle.collect::<Vec<_>>() })
    }

    /// Into the book.
    pub fn write(&self) {
        let directory = book();
        fs::create_dir_all(&directory).unwrap();
        let name = if cfg!(feature = "mimalloc") { "peers_mimalloc" } else { "peers" };
        fs::write(directory.join(name).with_extension("md"), self.markdown()).unwrap();
        let json = serde_json::to_string_pretty(&self.json()).unwrap();
        fs::write(directory.join(name).with_extension("json"), json + "\n").unwrap();
    }
}

/// Where the tables and the plots of the book are.
fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../book/src/performance")
}
