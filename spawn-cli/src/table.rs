//! Tables for people.

use std::io::{self, Write};

/// Rows of text in columns that are as wide as what is in them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A column whose name begins with a blank is one of numbers, which end at its right side.
    pub(crate) fn new<const N: usize>(head: [&'static str; N]) -> Self {
        Self { head: head.into(), rows: Vec::new() }
    }

    pub(crate) fn add<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn print(&self, to: &mut impl Write) -> io::Result<()> {
        let heads: Vec<_> = self.head.iter().map(|name| name.trim_start().to_owned()).collect();
        let lines = || std::iter::once(&heads).chain(&self.rows);
        let widths: Vec<_> = (0..self.head.len())
            .map(|column| lines().filter_map(|row| row.get(column)).map(|it| length(it)).max())
            .map(Option::unwrap_or_default)
            .collect();
        for row in lines() {
            let mut line = String::new();
            for ((cell, width), head) in row.iter().zip(&widths).zip(&self.head) {
                let blanks = " ".repeat(width - length(cell));
                let (before, after) = if head.starts_with(' ') {
                    (blanks.as_str(), "")
                } else {
                    ("", blanks.as_str())
                };
                line.extend([before, cell, after, "  "]);
            }
            writeln!(to, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A text without what would break a line or move the cursor of a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(
            |it| if it.is_control() { it.escape_default().collect::<Vec<_>>() } else { vec![it] },
        )
        .collect()
}
