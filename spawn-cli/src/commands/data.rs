//! The data as a whole.

use std::path::Path;

use serde_json::json;
use spawn::store::DataDirectory;

use super::Failure;
use crate::report::Report;

/// How much of what is wrong is told.
const FAULTS: usize = 100;

pub(super) fn overview(data: &DataDirectory) -> Result<Report, Failure> {
    let found = data.overview()?;
    let is_encrypted = data.is_encrypted()?;
    let opened = found.opened;
    let json = json!({
        "directory": data.directory(),
        "format": found.format,
        "size": found.size,
        "encrypted": is_encrypted,
        "starts": opened.epoch.0,
        "last_position": opened.head.number(),
        "actors": found.actors,
        "states": found.states,
        "events": found.events,
        "subscriptions": found.subscriptions,
        "schedules": found.calls,
        "dead_letters": found.dead_letters,
    });
    let encrypted = if is_encrypted { ", encrypted" } else { "" };
    let lines = vec![
        format!("directory      {}", data.directory().display()),
        format!("file           format {}, {} KiB{encrypted}", found.format, found.size / 1_024),
        format!("starts         {}", opened.epoch),
        format!("actors         {}, {} states", found.actors, found.states),
        format!("events         {}, the last at position {}", found.events, opened.head),
        format!("subscriptions  {}", found.subscriptions),
        format!("schedules      {}", found.calls),
        format!("dead letters   {}", found.dead_letters),
    ];
    Ok(Report::lines(json, lines))
}

pub(super) fn check(data: &DataDirectory) -> Result<Report, Failure> {
    Ok(checked(data.check(FAULTS)?, "the data is sound"))
}

fn checked(faults: Vec<String>, sound: &str) -> Report {
    if faults.is_empty() {
        return Report::line(json!({ "sound": true, "faults": [] }), sound);
    }
    let json = json!({ "sound": false, "faults": faults });
    let mut lines = faults;
    if lines.len() == FAULTS {
        lines.push("and possibly more".to_owned());
    }
    Report::lines(json, lines).bad()
}

pub(super) fn backup(data: &DataDirectory, target: &Path) -> Result<Report, Failure> {
    let faults = data.backup(target, FAULTS)?;
    let sound = format!("copied to {} and checked", target.display());
    Ok(checked(faults, &sound))
}
