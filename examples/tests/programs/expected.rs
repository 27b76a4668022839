//! What the table of `order_flow` has to say, from the same lines without any actor.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

/// Rows by name.
pub(crate) type Table = BTreeMap<String, String>;

const STOCK: i64 = 250;
const LOW: i64 = 50;

struct Order {
    at: i64,
    cancelled: bool,
    items: Vec<(String, i64)>,
}

#[derive(Default)]
struct Fold {
    orders: BTreeMap<String, Order>,
    stock: BTreeMap<String, i64>,
    updates: usize,
    cancellations: usize,
    low: usize,
    malformed: usize,
}

/// The rows that are the same however often the program was interrupted.
pub(crate) fn kept(lines: &str) -> Table {
    fold(lines).kept()
}

/// Those rows after each of the lines.
pub(crate) fn kept_after_each(lines: &str) -> Vec<Table> {
    let mut fold = Fold::default();
    let after = |line| {
        fold.add_text(line);
        fold.kept()
    };
    lines.lines().map(after).collect()
}

/// All rows of one run, but for the time that it took.
pub(crate) fn whole(lines: &str) -> Table {
    let fold = fold(lines);
    let mut rows = fold.kept();
    let reactions = rows["audit entries"].clone();
    rows.insert("malformed lines, this run".to_owned(), fold.malformed.to_string());
    let emails = fold.orders.len() + fold.updates;
    rows.insert("e-mails, this run".to_owned(), emails.to_string());
    rows.insert("webhook calls, this run".to_owned(), reactions);
    rows
}

fn fold(lines: &str) -> Fold {
    let mut fold = Fold::default();
    lines.lines().for_each(|line| fold.add_text(line));
    fold
}

impl Fold {
    fn add_text(&mut self, line: &str) {
        let line = serde_json::from_str::<Value>(line).ok();
        if line.and_then(|line| self.add(&line)).is_none() {
            self.malformed += 1;
        }
    }

    /// `None` if the line is malformed.
    fn add(&mut self, line: &Value) -> Option<()> {
        let id = line["id"].as_str()?.to_owned();
        let at = line["at"].as_i64()?;
        match line["type"].as_str()? {
            "order" => {
                line["email"].as_str().filter(|email| email.contains('@'))?;
                let items = items(line)?;
                if let Entry::Vacant(place) = self.orders.entry(id) {
                    for (sku, quantity) in &items {
                        let left = self.stock.entry(sku.clone()).or_insert(STOCK);
                        self.low += usize::from(*left >= LOW && *left - quantity < LOW);
                        *left -= quantity;
                    }
                    place.insert(Order { at, cancelled: false, items });
                }
            }
            kind @ ("update" | "cancel") => {
                let order = self.orders.get_mut(&id);
                let Some(order) = order.filter(|order| order.at < at && !order.cancelled) else {
                    return Some(());
                };
                order.at = at;
                if kind == "update" {
                    self.updates += 1;
                    return Some(());
                }
                self.cancellations += 1;
                order.cancelled = true;
                for (sku, quantity) in &order.items {
                    *self.stock.get_mut(sku)? += quantity;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn kept(&self) -> Table {
        let events = [
            ("inventory.low", self.low),
            ("order.events", self.orders.len() + self.cancellations),
            ("order.status", self.updates),
        ];
        let mut rows = Table::new();
        let mut row = |name: &str, value: String| rows.insert(name.to_owned(), value);
        row("orders taken", self.orders.len().to_string());
        row("orders updated", self.updates.to_string());
        row("orders cancelled", self.cancellations.to_string());
        for (channel, count) in events.iter().filter(|(_, count)| *count > 0) {
            row(&format!("events on {channel}"), count.to_string());
        }
        row("audit entries", events.iter().map(|(_, count)| count).sum::<usize>().to_string());
        for (sku, left) in &self.stock {
            row(&format!("{sku} left"), left.to_string());
        }
        rows
    }
}

/// SKUs and quantities; `None` if there are none, or one of them cannot be.
fn items(line: &Value) -> Option<Vec<(String, i64)>> {
    let items = line["items"].as_array().filter(|items| !items.is_empty())?;
    let item = |item: &Value| {
        item["price"].as_f64().filter(|price| *price >= 0.0)?;
        let quantity = item["quantity"].as_i64().filter(|it| (1..=1_000).contains(it))?;
        Some((item["sku"].as_str()?.to_owned(), quantity))
    };
    items.iter().map(item).collect()
}
