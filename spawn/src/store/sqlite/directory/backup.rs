//! A copy of the data, while it is written.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::super::{BoxError, read, schema};
use super::check;

/// How many pages are copied between two looks at other things.
const PAGES: i32 = 4_096;

pub(super) fn backup(
    source: &Connection,
    target: &Path,
    limit: usize,
) -> Result<Vec<String>, BoxError> {
    let file = schema::file_in(target);
    for taken in [&file, &file.with_extension("db-wal")] {
        if taken.exists() {
            return Err(format!("{} is there already", taken.display()).into());
        }
    }
    schema::make_directory(target)?;
    // Under its own name it is there whole or not at all.
    let new = file.with_extension("db.new");
    remove(&new)?;
    match copy(source, &new, limit) {
        Ok(faults) => {
            fs::rename(&new, &file)?;
            schema::sync_directory(target)?;
            Ok(faults)
        }
        Err(error) => {
            // What is left of it is in nobody's way.
            drop(remove(&new));
            Err(error)
        }
    }
}

fn copy(source: &Connection, file: &Path, limit: usize) -> Result<Vec<String>, BoxError> {
    // The same moment for every page: otherwise each commit of the system would have the copy begin anew.
    let moment = source.unchecked_transaction()?;
    let copied = read::opened(source)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(file, flags)?;
    Backup::new(source, &mut target)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    moment.finish()?;
    target.close().map_err(|(_, error)| error)?;
    File::open(file)?.sync_all()?;

    let copy = schema::connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if read::opened(&copy)? != copied {
        return Err("the copy is not what was copied".into());
    }
    let faults = check::check(&copy, limit);
    copy.close().map_err(|(_, error)| error)?;
    for beside in ["new-wal", "new-shm"] {
        remove(&file.with_extension(beside))?;
    }
    Ok(faults)
}

fn remove(file: &Path) -> Result<(), BoxError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
