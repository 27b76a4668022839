//! Runs the examples as a person would.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod expected;
mod guide;
mod live_dashboard;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use self::expected::Table;

/// The program of an example.
fn example(name: &str, directory: &Path) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(name);
    check_age(&program);
    let mut command = Command::new(program);
    command
        .current_dir(directory)
        .env_remove("SPAWN_STORE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

const HINT: &str = "build the examples first: cargo build -p spawn-examples --examples";

/// Cargo builds the examples before the tests of a package, but not if it is told which test to run.
fn check_age(program: &Path) {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified());
    let (Ok(built), Ok(sources)) =
        (changed(program), std::fs::read_to_string(program.with_extension("d")))
    else {
        panic!("{}: {HINT}", program.display())
    };
    for source in sources.split_whitespace().skip(1) {
        assert!(
            changed(Path::new(source)).is_ok_and(|it| it <= built),
            "{source} is newer: {HINT}"
        );
    }
}

/// Runs `order_flow` in memory with these lines as its standard input.
fn flow(lines: &[u8]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let mut child =
        example("order_flow", directory.path()).args(["--memory", "-"]).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!directory.path().join("spawn-data").exists(), "nothing is kept");
    output
}

fn data() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/orders.jsonl");
    std::fs::read_to_string(path).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The rows of the table, but for the time.
fn table(output: &Output) -> Table {
    assert!(output.status.success(), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    let rows = stdout.lines().map(|row| {
        let (name, value) = row.rsplit_once(' ').unwrap();
        (name.trim().to_owned(), value.to_owned())
    });
    let mut rows: Table = rows.collect();
    assert!(rows.remove("elapsed, this run").unwrap().ends_with('s'), "{stdout}");
    rows
}

/// The table without the rows that tell of one run only.
fn kept(output: &Output) -> Table {
    let mut rows = table(output);
    rows.retain(|name, _| !name.ends_with(", this run"));
    rows
}

fn order(id: &str, at: i64, email: &str, quantity: &str) -> String {
    format!(
        r#"{{"type":"order","id":"{id}","at":{at},"customer":"A","email":"{email}","items":[{{"sku":"X","quantity":{quantity},"price":1.5}}]}}"#
    )
}

#[test]
fn the_data_of_the_example_gives_the_table() {
    let directory = tempfile::tempdir().unwrap();
    let output = example("order_flow", directory.path()).output().unwrap();
    assert_eq!(table(&output), expected::whole(&data()));
    let complaints = text(&output.stderr);
    let complaints: Vec<_> =
        complaints.lines().map(|line| line.split_once("orders.jsonl:").unwrap().1).collect();
    let begins =
        ["121: EOF", "342: missing", "503: invalid type", "778: unknown", "931: the order"];
    assert_eq!(complaints.len(), begins.len(), "{complaints:?}");
    for (complaint, begin) in complaints.iter().zip(begins) {
        assert!(complaint.starts_with(begin), "{complaint}");
    }
    assert!(directory.path().join("spawn-data/order_flow").is_dir());
}

#[test]
fn a_malformed_line_tells_its_place_and_cause_and_stops_nothing() {
    let lines = [
        order("a", 1, "a@b.c", "2"),
        "nonsense".to_owned(),
        String::new(),
        order("b", 2, "nowhere", "2"),
        order("c", 3, "a@b.c", "0"),
        order("d", 4, "a@b.c", "-5"),
        order("e", 5, "a@b.c", "9223372036854775807"),
        r#"{"type":"order","id":"f","at":6,"customer":"A","email":"a@b.c","items":[]}"#.to_owned(),
        order("g", 7, "a@b.c", "2"),
    ];
    let lines = lines.join("\n");
    let output = flow(lines.as_bytes());
    assert_eq!(table(&output), expected::whole(&lines));
    let complaints = text(&output.stderr);
    let expected = [
        "-:2: expected ident at line 1 column 2",
        "-:3: EOF while parsing a value at line 1 column 0",
        "-:4: the order b has no e-mail address: nowhere",
        "-:5: the order c has 0 of X; 1 to 1000 can be ordered",
        "-:6: the order d has -5 of X; 1 to 1000 can be ordered",
        "-:7: the order e has 9223372036854775807 of X; 1 to 1000 can be ordered",
        "-:8: the order f has no items",
    ];
    assert_eq!(complaints.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_line_that_is_no_text_is_malformed_too() {
    let mut lines = order("a", 1, "a@b.c", "2").into_bytes();
    lines.extend(b"\n\xff\xfe\n");
    lines.extend(order("b", 2, "a@b.c", "2").into_bytes());
    let output = flow(&lines);
    assert_eq!(table(&output), expected::whole(&String::from_utf8_lossy(&lines)));
    assert_eq!(text(&output.stderr), "-:2: stream did not contain valid UTF-8\n");
}

#[test]
fn what_is_cancelled_stays_cancelled_and_is_given_back_once() {
    let lines = [
        order("a", 1, "a@b.c", "2"),
        r#"{"type":"cancel","id":"a","at":2,"reason":"none"}"#.to_owned(),
        r#"{"type":"cancel","id":"a","at":3,"reason":"again"}"#.to_owned(),
        r#"{"type":"update","id":"a","at":4,"status":"shipped"}"#.to_owned(),
        order("a", 5, "a@b.c", "2"),
        r#"{"type":"cancel","id":"unknown","at":6,"reason":"none"}"#.to_owned(),
    ];
    let lines = lines.join("\n");
    let table = table(&flow(lines.as_bytes()));
    assert_eq!(table["X left"], "250");
    assert_eq!(table["orders cancelled"], "1");
    assert_eq!(table, expected::whole(&lines));
}

#[test]
fn input_that_cannot_be_read_is_one_line_and_exit_code_2() {
    let directory = tempfile::tempdir().unwrap();
    let cases = [
        ("nowhere.jsonl", "order_flow: nowhere.jsonl: No such file"),
        (".", "order_flow: .: Is a directory"),
        ("--frsh", "order_flow: --frsh is no option; usage: order_flow [--memory] [FILE | -]"),
    ];
    for (argument, begin) in cases {
        let output = example("order_flow", directory.path()).arg(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{argument}");
        let complaint = text(&output.stderr);
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(complaint.starts_with(begin), "{complaint}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn of_two_files_none_is_taken() {
    let directory = tempfile::tempdir().unwrap();
    let output =
        example("order_flow", directory.path()).args(["--memory", "-", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let usage = "order_flow: one FILE at most; usage: order_flow [--memory] [FILE | -]\n";
    assert_eq!(text(&output.stderr), usage);
    assert!(output.stdout.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_table_that_cannot_be_written_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = example("order_flow", directory.path());
    let output =
        command.args(["--memory", "-"]).stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.starts_with("order_flow: the table: No space left"), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let directory = tempfile::tempdir().unwrap();
    let mut child =
        example("order_flow", directory.path()).args(["--memory", "-"]).spawn().unwrap();
    drop(child.stdout.take());
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}

/// Kills the program while it is busy: it has taken the first `count` lines, and the others lie before it.
fn kill_after(count: usize, directory: &Path) {
    let mut child = example("order_flow", directory).arg("-").spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let data = data();
        let (done, rest) = data.split_at(data.match_indices('\n').nth(count - 1).unwrap().0);
        // The malformed line is complained about when all before it are saved.
        let input = format!("{done}\nhalfway{rest}");
        // The program dies before it has read everything, or waits for more.
        let _broken = stdin.write_all(input.as_bytes());
        stdin
    });
    let marker = format!("-:{}:", count + 1);
    let mut complaints = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(complaints.any(|line| line.unwrap().starts_with(&marker)));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "it did not end by itself");
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(stdout, "", "it did not come to the table");
    drop(feeder.join().unwrap());
}

#[test]
fn killed_halfway_and_run_again_it_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = example("order_flow", directory.path());
        command.args(arguments).stdin(Stdio::null()).output().unwrap()
    };
    let after_each = expected::kept_after_each(&data());
    for count in [1, 250, 500, 900] {
        kill_after(count, directory.path());
        // It had come to one of the lines from there on, and nobody is ahead of it or behind.
        let kept = kept(&run(&["-"]));
        assert!(after_each[count - 1..].contains(&kept), "killed after {count} lines: {kept:?}");
    }
    assert_eq!(kept(&run(&[])), expected::kept(&data()));
    // Once more: nothing is new, and so nothing happens.
    let again = run(&[]);
    assert_eq!(kept(&again), expected::kept(&data()));
    assert_eq!(table(&again)["e-mails, this run"], "0");
    assert_eq!(table(&again)["webhook calls, this run"], "0");
}

#[test]
fn two_at_once_is_an_error_that_names_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = example("order_flow", directory.path()).arg("-").spawn().unwrap();
    let mut stdin = first.stdin.take().unwrap();
    stdin.write_all(b"started?\n").unwrap();
    let mut complaints = BufReader::new(first.stderr.take().unwrap()).lines();
    complaints.next().unwrap().unwrap();
    let second = example("order_flow", directory.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let complaint = text(&second.stderr);
    let begin = PathBuf::from("spawn-data/order_flow");
    let begin = format!("order_flow: {} is in use by the process {}", begin.display(), first.id());
    assert!(complaint.starts_with(&begin), "{complaint}");
    assert_eq!(complaint.matches("in use by").count(), 1, "it is said once: {complaint}");
    drop(stdin);
    assert!(first.wait().unwrap().success());
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

/// What a small example says when it is run in a directory of its own, in which it leaves nothing.
fn said(name: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let output = example(name, directory.path()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    assert_eq!(directory.path().read_dir().unwrap().count(), 0, "nothing is kept");
    text(&output.stdout)
}

#[test]
fn a_stream_gives_what_actors_and_others_publish_and_ends_with_the_system() {
    let expected = "\
        order.events: ord-1 was created\n\
        order.status: ord-1 was shipped in 2 parcels\n\
        the system has stopped\n";
    assert_eq!(said("streams"), expected);
}

#[test]
fn the_environment_says_where_the_data_is() {
    let directory = tempfile::tempdir().unwrap();
    let run = |place: &str| {
        let output = example("hello", directory.path()).env("SPAWN_STORE", place).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    run("memory");
    assert!(
        !directory.path().join("memory").exists() && !directory.path().join("spawn-data").exists()
    );
    // Systems beside each other, each in a directory of its own.
    run("here");
    assert!(directory.path().join("here/hello/spawn.db").exists());
    // Nothing is as if it were not set.
    run("");
    assert!(directory.path().join("spawn-data/hello/spawn.db").exists());
}
