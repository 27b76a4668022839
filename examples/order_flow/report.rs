//! The table at the end.

use std::fmt::Write;
use std::time::Duration;

use spawn::System;

use crate::audit_logger::AuditLogger;
use crate::inventory_service::InventoryService;
use crate::order_processor::OrderProcessor;

/// What happened in this run; the rest of the table is what the shop has saved, over all runs.
pub struct Run {
    pub malformed: u64,
    pub emails: u64,
    pub webhooks: u64,
    pub elapsed: Duration,
}

pub async fn table(system: &System, run: &Run) -> spawn::Result<String> {
    let figures = system.actor::<OrderProcessor>().figures().await?;
    let entries = system.actor::<AuditLogger>().entries().await?.by_channel;
    let stock = system.actor::<InventoryService>().stock().await?.left;
    let mut table = String::new();
    row(&mut table, "orders taken", figures.orders);
    row(&mut table, "orders updated", figures.updates);
    row(&mut table, "orders cancelled", figures.cancellations);
    for (channel, count) in &entries {
        row(&mut table, &format!("events on {channel}"), count);
    }
    row(&mut table, "audit entries", entries.values().sum::<i64>());
    for (sku, left) in &stock {
        row(&mut table, &format!("{sku} left"), left);
    }
    row(&mut table, "malformed lines, this run", run.malformed);
    row(&mut table, "e-mails, this run", run.emails);
    row(&mut table, "webhook calls, this run", run.webhooks);
    row(&mut table, "elapsed, this run", format!("{:.2?}", run.elapsed));
    Ok(table)
}

fn row(table: &mut String, name: &str, value: impl std::fmt::Display) {
    // Writing to a `String` does not fail.
    let _written = writeln!(table, "{name:<28}{value:>10}");
}
