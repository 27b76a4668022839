//! What a command has found, for people and for programs.

use std::io::{self, Write};

use serde_json::Value;

use crate::table::Table;

/// What a command has found.
#[derive(Debug)]
pub(crate) struct Report {
    json: Value,
    text: Text,
    is_bad: bool,
}

#[derive(Debug)]
enum Text {
    Lines(Vec<String>),
    /// And what is said where there is nothing.
    Table(Table, &'static str),
}

impl Report {
    pub(crate) fn lines(json: Value, lines: Vec<String>) -> Self {
        Self { json, text: Text::Lines(lines), is_bad: false }
    }

    pub(crate) fn line(json: Value, line: impl Into<String>) -> Self {
        Self::lines(json, vec![line.into()])
    }

    pub(crate) fn table(json: Vec<Value>, table: Table, nothing: &'static str) -> Self {
        Self { json: json.into(), text: Text::Table(table, nothing), is_bad: false }
    }

    /// The program ends with a failure.
    pub(crate) fn bad(self) -> Self {
        Self { is_bad: true, ..self }
    }

    pub(crate) fn is_bad(&self) -> bool {
        self.is_bad
    }

    pub(crate) fn print(&self, json: bool) -> io::Result<()> {
        let mut to = io::BufWriter::new(io::stdout().lock());
        if json {
            serde_json::to_writer_pretty(&mut to, &self.json)?;
            writeln!(to)?;
        } else {
            match &self.text {
                Text::Lines(lines) => {
                    lines.iter().try_for_each(|line| writeln!(to, "{line}"))?;
                }
                Text::Table(table, _) if !table.is_empty() => table.print(&mut to)?,
                Text::Table(_, nothing) => writeln!(to, "{nothing}")?,
            }
        }
        to.flush()
    }
}
