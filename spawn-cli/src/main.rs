//! Looks into the data of a system of `spawn`, which may be running or not.

mod arguments;
mod commands;
mod payload;
mod report;
mod table;
mod time;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;
use self::commands::Failure;

/// Something is wrong with the data, or with what was asked for.
const FAILED: u8 = 1;
/// The command line makes no sense; what `clap` ends with as well.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // If nobody reads it, there is nobody to tell.
            let _closed = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match commands::run(&arguments) {
        Ok(report) => match report.print(arguments.json) {
            // Whoever read it has seen enough.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => complain(&error.to_string()),
            _ if report.is_bad() => ExitCode::from(FAILED),
            _ => ExitCode::SUCCESS,
        },
        Err(failure) => complain(&failure.told()),
    }
}

fn complain(text: &str) -> ExitCode {
    // If nobody reads what goes wrong, there is nobody to tell.
    let _closed = writeln!(io::stderr(), "spawn-cli: {text}");
    ExitCode::from(FAILED)
}

impl Failure {
    /// With its causes, in one line.
    fn told(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            let cause_said = cause.to_string();
            // An error that stands for another one has its words.
            if !text.ends_with(&cause_said) {
                text.extend([": ", &cause_said]);
            }
            next = cause.source();
        }
        text
    }
}
