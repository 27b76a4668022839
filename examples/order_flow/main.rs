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

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.jsonl");

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let in_memory = arguments.iter().position(|it| it == "--memory");
    let in_memory = in_memory.map(|place| arguments.remove(place)).is_some();
    let name = arguments.first().map_or(DATA, String::as_str);
    let input = match open(name) {
        Ok(input) => input,
        Err(error) => {
            complain(&format!("order_flow: {name}: {error}"));
            return ExitCode::from(2);
        }
    };
    match run(input, name, in_memory).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("order_flow: {error:?}"));
            ExitCode::FAILURE
        }
    }
}

fn open(name: &str) -> io::Result<Box<dyn BufRead>> {
    Ok(match name {
        "-" => Box::new(BufReader::new(io::stdin())),
        name => Box::new(BufReader::new(File::open(name)?)),
    })
}

async fn run(input: Box<dyn BufRead>, name: &str, in_memory: bool) -> spawn::Result<()> {
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
        let line = line.map_err(|error| error.to_string());
        let outcome = match line.and_then(|line| Line::parse(&line)) {
            Ok(Line::Order(order)) => processor.take_order(order).await.map(drop),
            Ok(Line::Update(update)) => processor.update_order(update).await,
            Ok(Line::Cancel(cancel)) => processor.cancel_order(cancel).await,
            Err(cause) => {
                malformed += 1;
                complain(&format!("{name}:{number}: {cause}"));
                Ok(())
            }
        };
        outcome?;
    }
    // Everybody has reacted to everything.
    system.settled().await;
    let run =
        Run { malformed, emails: mailer.sent(), webhooks: hook.called(), elapsed: began.elapsed() };
    report::print(&system, &run).await?;
    system.shutdown().await
}

fn complain(text: &str) {
    // If nobody reads what goes wrong, there is nobody to tell.
    let _closed = writeln!(io::stderr(), "{text}");
}
