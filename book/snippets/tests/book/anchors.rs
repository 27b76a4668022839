//! Anchors: the parts of a source that pages include.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The anchors of a source, and what is wrong with them.
#[derive(Default)]
pub(crate) struct Anchors {
    pub(crate) names: Vec<String>,
    pub(crate) faults: Vec<String>,
}

impl Anchors {
    pub(crate) fn of(text: &str) -> Self {
        let mut anchors = Self::default();
        let mut open = Vec::new();
        // A mark is a comment of its own.
        let lines = text.lines().zip(1..).filter(|(line, _)| line.trim_start().starts_with("//"));
        for (line, number) in lines {
            if let Some((_, name)) = line.split_once("ANCHOR_END:") {
                let name = name.trim();
                match open.iter().rposition(|it| it == name) {
                    Some(place) => drop(open.remove(place)),
                    None => anchors
                        .faults
                        .push(format!("{number}: the anchor `{name}` ends and never began")),
                }
            } else if let Some((_, name)) = line.split_once("ANCHOR:") {
                let name = name.trim().to_owned();
                if anchors.names.contains(&name) {
                    anchors.faults.push(format!("{number}: the anchor `{name}` is there twice"));
                }
                anchors.names.push(name.clone());
                open.push(name);
            }
        }
        anchors.faults.extend(open.iter().map(|name| format!("the anchor `{name}` has no end")));
        anchors
    }
}

/// The files under a directory whose name ends so, in order.
pub(crate) fn files(directory: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !directory.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
