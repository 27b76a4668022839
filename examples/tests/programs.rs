//! Runs the examples as a person would.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The program of an example, which cargo builds before the tests of the package.
fn example(name: &str, directory: &Path) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let mut command = Command::new(profile.join("examples").join(name));
    command.current_dir(directory).env_remove("SPAWN_STORE");
    command
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/orders.jsonl")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The rows of the table.
fn table(output: &Output) -> BTreeMap<String, String> {
    assert!(output.status.success(), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    let rows = stdout.lines().map(|row| {
        let (name, value) = row.rsplit_once(' ').unwrap();
        (name.trim().to_owned(), value.to_owned())
    });
    rows.collect()
}

/// What the table has to say, from the same lines without any actor.
fn expected(lines: &str) -> BTreeMap<String, String> {
    let mut orders: BTreeMap<String, (i64, Value)> = BTreeMap::new();
    let mut taken: BTreeMap<String, i64> = BTreeMap::new();
    let (mut updates, mut cancellations, mut malformed) = (0, 0, 0);
    for line in lines.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            malformed += 1;
            continue;
        };
        let id = line["id"].as_str().unwrap_or_default().to_owned();
        let at = line["at"].as_i64().unwrap_or_default();
        let items = line["items"].as_array().cloned().unwrap_or_default();
        match line["type"].as_str() {
            Some("order") => {
                let is_fine = line["email"].is_string()
                    && !items.is_empty()
                    && items.iter().all(|item| item["quantity"].is_i64());
                if !is_fine {
                    malformed += 1;
                } else if let Entry::Vacant(place) = orders.entry(id) {
                    for item in &items {
                        *taken.entry(item["sku"].as_str().unwrap().to_owned()).or_default() +=
                            item["quantity"].as_i64().unwrap();
                    }
                    place.insert((at, line));
                }
            }
            Some(kind @ ("update" | "cancel")) => {
                let Some(order) = orders.get_mut(&id).filter(|order| order.0 < at) else {
                    continue;
                };
                order.0 = at;
                if kind == "update" {
                    updates += 1;
                    continue;
                }
                cancellations += 1;
                for item in order.1["items"].as_array().unwrap() {
                    *taken.get_mut(item["sku"].as_str().unwrap()).unwrap() -=
                        item["quantity"].as_i64().unwrap();
                }
            }
            _ => malformed += 1,
        }
    }
    let count = orders.len();
    let mut rows = BTreeMap::from([
        ("orders taken".to_owned(), count.to_string()),
        ("orders updated".to_owned(), updates.to_string()),
        ("orders cancelled".to_owned(), cancellations.to_string()),
        ("malformed lines, this run".to_owned(), malformed.to_string()),
    ]);
    if count + cancellations > 0 {
        rows.insert("events on order.events".to_owned(), (count + cancellations).to_string());
    }
    if updates > 0 {
        rows.insert("events on order.status".to_owned(), updates.to_string());
    }
    rows.extend(
        taken.iter().map(|(sku, taken)| (format!("{sku} left"), (250 - taken).to_string())),
    );
    rows
}

/// Compares, and takes away what was compared.
fn compare(
    mut table: BTreeMap<String, String>,
    expected: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    for (name, value) in expected {
        assert_eq!(table.remove(name).as_ref(), Some(value), "{name}");
    }
    table
}

#[test]
fn the_data_of_the_example_gives_the_table() {
    let directory = tempfile::tempdir().unwrap();
    let output = example("order_flow", directory.path()).output().unwrap();
    let lines = std::fs::read_to_string(data()).unwrap();
    let rest = compare(table(&output), &expected(&lines));
    assert_eq!(rest["e-mails, this run"], "957");
    let low: i64 = rest["events on inventory.low"].parse().unwrap();
    let all = 805 + 38 + 152 + low;
    assert_eq!(rest["audit entries"], all.to_string());
    assert_eq!(rest["webhook calls, this run"], all.to_string());
    let complaints = text(&output.stderr);
    let places: Vec<_> = complaints.lines().map(|line| line.split(':').nth(1).unwrap()).collect();
    assert_eq!(places, ["121", "342", "503", "778", "931"], "{complaints}");
    assert!(complaints.contains("orders.jsonl:342: missing field `email`"), "{complaints}");
    assert!(directory.path().join("spawn-data/order_flow").is_dir());
}

#[test]
fn standard_input_is_read_too_and_a_malformed_line_stops_nothing() {
    let lines = concat!(
        r#"{"type":"order","id":"a","at":1,"customer":"A","email":"a@b.c","items":[{"sku":"X","quantity":2,"price":1.0}]}"#,
        "\nnonsense\n\n",
        r#"{"type":"cancel","id":"a","at":2,"reason":"none"}"#,
        "\n",
        r#"{"type":"order","id":"a","at":3,"customer":"A","email":"a@b.c","items":[{"sku":"X","quantity":2,"price":1.0}]}"#,
        "\n",
    );
    let directory = tempfile::tempdir().unwrap();
    let mut command = example("order_flow", directory.path());
    command
        .args(["--memory", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let rest = compare(table(&output), &expected(lines));
    assert_eq!(rest["audit entries"], "2");
    let complaints = text(&output.stderr);
    assert!(complaints.starts_with("-:2: expected ident"), "{complaints}");
    assert!(complaints.contains("-:3: EOF"), "{complaints}");
    assert!(!directory.path().join("spawn-data").exists(), "nothing is kept");
}

#[test]
fn a_file_that_is_not_there_is_one_line_and_exit_code_2() {
    let directory = tempfile::tempdir().unwrap();
    let output = example("order_flow", directory.path()).arg("nowhere.jsonl").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaint = text(&output.stderr);
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("order_flow: nowhere.jsonl: No such file"), "{complaint}");
    assert!(output.stdout.is_empty());
}

#[test]
fn killed_halfway_and_run_again_it_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let lines = std::fs::read_to_string(data()).unwrap();
    for millis in [150, 300, 450] {
        let mut command = example("order_flow", directory.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = example("order_flow", directory.path()).output().unwrap();
    compare(table(&output), &expected(&lines));
    // Once more: nothing is new, and so nothing happens.
    let output = example("order_flow", directory.path()).output().unwrap();
    let rest = compare(table(&output), &expected(&lines));
    assert_eq!(rest["e-mails, this run"], "0");
}

#[test]
fn hello_counts_on() {
    let directory = tempfile::tempdir().unwrap();
    for round in 1..=2 {
        let output = example("hello", directory.path()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        assert!(said.contains("order ord-1 is confirmed"), "{said}");
        assert!(said.contains(&format!("{round} orders so far")), "{said}");
    }
}
