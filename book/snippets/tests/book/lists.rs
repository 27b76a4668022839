//! Pages that list what the code has: each of it has a row, and there is no other.

use std::collections::BTreeSet;
use std::fs;

use crate::anchors::files;
use crate::root;

/// The variants of an enum of a source.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let source = syn::parse_file(&fs::read_to_string(root(file)).unwrap()).unwrap();
    let found = source.items.iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == name => Some(item),
        _ => None,
    });
    found.unwrap().variants.iter().map(|variant| variant.ident.to_string()).collect()
}

/// What the first column of the tables under a heading has, of a page.
pub(crate) fn rows(page: &str, heading: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root("book/src").join(page)).unwrap();
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    let cell = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    lines.take_while(|line| !line.starts_with("## ")).filter_map(cell).collect()
}

#[test]
fn each_kind_of_error_has_a_row() {
    let kinds = variants("spawn/src/error.rs", "ErrorKind");
    assert_eq!(rows("errors.md", "## What a call can fail with"), kinds);
}

#[test]
fn each_error_of_a_store_has_a_row() {
    let kinds = variants("spawn/src/store/mod.rs", "StoreError");
    assert_eq!(rows("errors.md", "## What a store can fail with"), kinds);
}

#[test]
fn each_error_of_encryption_has_a_row() {
    let kinds = variants("spawn/src/store/encryption.rs", "EncryptionError");
    assert_eq!(rows("encryption.md", "## What can fail"), kinds);
}

#[test]
fn each_error_of_the_admin_server_has_a_row() {
    let kinds = variants("spawn/src/admin/serve.rs", "AdminError");
    assert_eq!(rows("administration.md", "## What can fail"), kinds);
}

#[test]
fn each_path_of_the_admin_server_is_named() {
    let page = fs::read_to_string(root("book/src/administration.md")).unwrap();
    let sources = ["page", "api/mod"]
        .map(|it| fs::read_to_string(root(&format!("spawn/src/admin/{it}.rs"))).unwrap());
    let sources = sources.concat();
    let paths: Vec<_> = sources
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| !path.contains('.') && *path != "/page")
        .collect();
    assert!(paths.len() > 12, "{paths:?}");
    for path in paths {
        assert!(page.contains(&format!("`{path}")), "{path}");
    }
}

#[test]
fn each_command_of_the_tool_is_named() {
    let help = fs::read_to_string(root("spawn-cli/transcripts/help.txt")).unwrap();
    let page = fs::read_to_string(root("book/src/administration.md")).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands
        .map_while(|line| line.split_whitespace().next())
        .filter(|it| *it != "help")
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        assert!(page.contains(&format!("| `{command}")), "{command}");
    }
}

#[test]
fn each_mistake_that_a_start_tells_has_a_row() {
    let sources = ["channel/pattern", "system/start", "system/external", "system/registry"]
        .map(|name| fs::read_to_string(root(&format!("spawn/src/{name}.rs"))).unwrap());
    let sources = sources.concat();
    let page = fs::read_to_string(root("book/src/errors.md")).unwrap();
    let table = page.lines().skip_while(|line| *line != "| it says | cause | cure |").skip(2);
    let rows: Vec<_> =
        table.map_while(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
    assert_eq!(rows.len(), sources.matches("faults.add(").count(), "{rows:?}");
    let words = rows.iter().flat_map(|row| row.split(['.', ':', '`'])).map(str::trim);
    for words in words.filter(|words| words.len() > "named".len()) {
        assert!(sources.contains(words), "nothing says {words:?}");
    }
}

#[test]
fn what_is_said_to_be_logged_is_logged() {
    let sources = files(&root("spawn/src"), "rs").unwrap();
    let sources: String = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let page = fs::read_to_string(root("book/src/observability.md")).unwrap();
    let rows = page.lines().skip_while(|line| *line != "## What is logged").skip(1);
    let rows = rows.take_while(|line| !line.starts_with("## ")).filter_map(|line| {
        let (level, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
        // Other tables have something else in their first column.
        let is_level = ["error", "warn", "info", "debug"].contains(&level);
        is_level.then(|| Some((level, rest.split_once('`')?.0)))?
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 10, "{rows:?}");
    for (level, message) in rows {
        // The macro that the message stands in.
        let (before, _) = sources.split_once(&format!("\"{message}\"")).expect(message);
        let found = before.rsplit("tracing::").next().and_then(|call| call.split('!').next());
        assert_eq!(found, Some(level), "{message}");
    }
}

#[test]
fn each_feature_has_a_row() {
    let manifest: toml::Table =
        fs::read_to_string(root("spawn/Cargo.toml")).unwrap().parse().unwrap();
    let features = manifest["features"].as_table().unwrap().keys();
    let features: BTreeSet<_> = features.filter(|name| *name != "default").cloned().collect();
    assert_eq!(rows("reference/attributes.md", "## Features of the crate"), features);
}

/// The name, the kind, the labels and the meaning of each metric of the source.
fn metrics() -> BTreeSet<[String; 4]> {
    let source = fs::read_to_string(root("spawn/src/observe/names.rs")).unwrap();
    let list = source.split_once("\nmetrics! {").unwrap().1.split_once("\n}").unwrap().0;
    let metric = |entry: &str| {
        let quoted: Vec<_> = entry.split('"').skip(1).step_by(2).collect();
        let [name, labels, says] = quoted.as_slice() else { panic!("{entry}") };
        let kind = entry.split_whitespace().next().unwrap().to_lowercase();
        [(*name).to_owned(), kind, (*labels).to_owned(), (*says).to_owned()]
    };
    list.split(";\n").filter(|entry| entry.contains(" = ")).map(metric).collect()
}

#[test]
fn each_metric_has_a_row() {
    let page = fs::read_to_string(root("book/src/observability.md")).unwrap();
    let row = |line: &str| {
        let cells = line.strip_prefix("| `spawn_")?.strip_suffix(" |")?;
        let cells: Vec<_> = cells.split(" | ").collect();
        let [name, kind, labels, says] = cells.as_slice() else { panic!("{line}") };
        let name = format!("spawn_{}", name.trim_end_matches('`'));
        Some([name, (*kind).to_owned(), labels.replace('`', ""), (*says).to_owned()])
    };
    let rows = page.lines().skip_while(|line| *line != "## Metrics").skip(1);
    let rows: BTreeSet<_> =
        rows.take_while(|line| !line.starts_with("## ")).filter_map(row).collect();
    let metrics = metrics();
    assert!(metrics.len() > 10, "{metrics:?}");
    assert_eq!(rows, metrics);
}

#[test]
fn each_alert_is_about_a_metric() {
    let rules = fs::read_to_string(root("book/snippets/alerts.yml")).unwrap();
    let tests = fs::read_to_string(root("book/snippets/alerts_test.yml")).unwrap();
    let metrics = metrics();
    let is_there = |name: &str| {
        let histogram = name.strip_suffix("_bucket");
        metrics.iter().any(|[metric, kind, ..]| match kind.as_str() {
            "histogram" => histogram == Some(metric.as_str()),
            _ => name == metric,
        })
    };
    let exprs: Vec<_> =
        rules.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(exprs.len() > 5, "{rules}");
    for expr in exprs {
        let names: Vec<_> = expr
            .split(|it: char| !it.is_ascii_alphanumeric() && it != '_')
            .filter(|name| name.starts_with("spawn_"))
            .collect();
        assert!(!names.is_empty(), "{expr}");
        for name in names {
            assert!(is_there(name), "{name}");
            assert!(tests.contains(&format!("series: {name}{{")), "{name} has no test");
        }
    }
    for line in rules.lines() {
        let Some(alert) = line.trim().strip_prefix("- alert: ") else { continue };
        assert!(tests.contains(&format!("alertname: {alert}")), "{alert} has no test");
    }
}
