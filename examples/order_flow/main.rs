//! Orders flow through a shop: `cargo run --example order_flow [-- [--memory] [FILE | -]]`.
//!
//! Reads orders, updates and cancellations as JSON lines from FILE, from standard input (`-`), or from the data that comes with the
//! example. What the shop knows is saved in `./spawn-data/order_flow`: interrupt it and run it again, and it goes on where it was.
//! `--memory` keeps nothing.

#![expect(unreachable_pub, reason = "the modules of a program")]

mod audit_logger;
mod email_service;
mod events;
mod inventory_service;
mod order_processor;
mod orders;
mod report;
mod webhook_notifier;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use spawn::System;

use crate::email_service::Mailer;
use crate::order_processor::OrderProcessor;
use crate::orders::Line;
use crate::report::Run;
use crate::webhook_notifier::{Hook, WebhookNotifier};

const USAGE: &str = "order_flow [--memory] [FILE | -]";
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.jsonl");

#[tokio::main]
async fn main() -> ExitCode {
    let (mut file, mut in_memory) = (None, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--memory" => in_memory = true,
            option if option.starts_with("--") => {
                complain(format_args!("order_flow: {option} is no option; usage: {USAGE}"));
                return ExitCode::from(2);
            }
            _ if file.is_some() => {
                complain(format_args!("order_flow: one FILE at most; usage: {USAGE}"));
                return ExitCode::from(2);
            }
            _ => file = Some(argument),
        }
    }
    let name = file.unwrap_or_else(|| DATA.to_owned());
    match run(&name, in_memory).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(error)) => {
            complain(format_args!("order_flow: {name}: {error}"));
            ExitCode::from(2)
        }
        Err(Failure::System(error)) => {
            complain(format_args!("order_flow: {error:?}"));
            ExitCode::FAILURE
        }
        Err(Failure::Output(error)) => {
            complain(format_args!("order_flow: the table: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Why the program ends without a table.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the input cannot be read")]
    Input(#[from] io::Error),
    #[error("the shop does not run")]
    System(#[from] spawn::Error),
    #[error("the table cannot be written")]
    Output(#[source] io::Error),
}

fn open(name: &str) -> io::Result<Box<dyn BufRead>> {
    let mut input: Box<dyn BufRead> = match name {
        "-" => Box::new(BufReader::new(io::stdin())),
        name => Box::new(BufReader::new(File::open(name)?)),
    };
    // A directory can be opened, but not read.
    input.fill_buf()?;
    Ok(input)
}

async fn run(name: &str, in_memory: bool) -> Result<(), Failure> {
    let input = open(name)?;
    let began = Instant::now();
    let (mailer, hook) = (Arc::<Mailer>::default(), Arc::<Hook>::default());
    let mut builder = System::builder("order_flow")
        .resource(Arc::clone(&mailer))
        .external_subscriber(WebhookNotifier::new(Arc::clone(&hook)));
    if in_memory {
        builder = builder.in_memory();
    }
    let system = builder.start().await?;

    let mut malformed = 0;
    let processor = system.actor::<OrderProcessor>();
    for (number, line) in (1..).zip(input.lines()) {
        let line = match line {
            Ok(line) => Line::parse(&line),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(error.into()),
            Err(error) => return Err(error.into()),
        };
        match line {
            Ok(Line::Order(order)) => drop(processor.take_order(order).await?),
            Ok(Line::Update(update)) => processor.update_order(update).await?,
            Ok(Line::Cancel(cancel)) => processor.cancel_order(cancel).await?,
            Err(cause) => {
                malformed += 1;
                complain(format_args!("{name}:{number}: {cause}"));
            }
        }
    }
    // Everybody has reacted to everything.
    system.settled().await;
    let run =
        Run { malformed, emails: mailer.sent(), webhooks: hook.called(), elapsed: began.elapsed() };
    let table = report::table(&system, &run).await?;
    system.shutdown().await?;
    match io::stdout().write_all(table.as_bytes()) {
        // A reader that went away does not want the rest.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

fn complain(text: fmt::Arguments<'_>) {
    // If nobody reads what goes wrong, there is nobody to tell.
    let _closed = writeln!(io::stderr(), "{text}");
}
