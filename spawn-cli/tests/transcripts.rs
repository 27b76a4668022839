//! What the guide shows of the program is what it says. `SPAWN_TRANSCRIPTS=overwrite` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kit::{fill, start};

/// Runs the program as a person does who stands above the data, and gives what the screen shows.
fn shown(directory: &Path, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spawn-cli"));
    let command = command.args(arguments.split(' ')).current_dir(directory);
    let output = command.output().unwrap();
    let mut text = format!("$ spawn-cli {arguments}\n");
    text.push_str(&String::from_utf8(output.stdout).unwrap());
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    without_times(&text)
}

/// Every time is the same, and every text as long as it was.
fn without_times(text: &str) -> String {
    const TIME: &str = "2026-11-27T09:30:00.000Z";
    let is_time = |bytes: &[u8]| {
        bytes.iter().zip(TIME.bytes()).all(|(one, other)| {
            if other.is_ascii_digit() { one.is_ascii_digit() } else { *one == other }
        })
    };
    let mut bytes = text.as_bytes().to_vec();
    for begin in 0..bytes.len().saturating_sub(TIME.len() - 1) {
        if is_time(&bytes[begin..begin + TIME.len()]) {
            bytes[begin..begin + TIME.len()].copy_from_slice(TIME.as_bytes());
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn the_guide_shows_what_the_program_says() {
    let place = tempfile::tempdir().unwrap();
    let (system, _hands) = start(&place.path().join("spawn-data/shop")).await;
    fill(&system).await;
    system.shutdown().await.unwrap();
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    for (name, commands) in [
        ("help", &["--help"][..]),
        ("overview", &["overview --data spawn-data/shop"]),
        (
            "actors",
            &["actors", "state cart ann", "history cart ann", "state cart ann --revision 1 --json"],
        ),
        ("channels", &["channels", "log order.*", "lag"]),
        (
            "letters",
            &["schedules", "dead-letters", "replay 1", "dead-letters --limit 1", "discard 2"],
        ),
        ("check", &["check", "backup copies/monday", "check --data copies/monday"]),
    ] {
        let directory = match name {
            "overview" | "check" | "help" => place.path().to_owned(),
            _ => place.path().join("spawn-data/shop"),
        };
        let with_data = |command: &str| match name {
            "check" if !command.contains("--data") => format!("{command} --data spawn-data/shop"),
            _ => command.to_owned(),
        };
        let texts: Vec<_> =
            commands.iter().map(|command| shown(&directory, &with_data(command))).collect();
        let text = texts.join("\n");
        let file = kept.join(name).with_extension("txt");
        if std::env::var("SPAWN_TRANSCRIPTS").is_ok_and(|it| it == "overwrite") {
            fs::create_dir_all(&kept).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let before = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, before, "{}: SPAWN_TRANSCRIPTS=overwrite writes it anew", file.display());
    }
}
