//! What was written and synced, and what a loss of power leaves of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use parking_lot::Mutex;
use spawn_tests::Random;

/// A disk writes so many bytes at once, or not at all.
const SECTOR: usize = 512;

/// Names a file that was opened; files of one path have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId(usize);

const LONG_AGO: SystemTime = SystemTime::UNIX_EPOCH;

/// One thing that was done to a file.
#[derive(Clone, Debug)]
enum Op {
    Write {
        file: usize,
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        file: usize,
        size: u64,
    },
    /// What was done to the file before is on the disk, but what an earlier sync has failed on.
    Sync {
        file: usize,
    },
    /// What was done to the file since the last sync may be on the disk or not, for ever: the system takes it for written.
    FailedSync {
        file: usize,
    },
    Delete {
        file: usize,
    },
}

/// Everything that was done, in order. There is one for the process.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Record>);

#[derive(Debug, Default)]
struct Record {
    paths: Vec<Option<PathBuf>>,
    /// The files whose last sync has failed.
    doubtful: BTreeSet<usize>,
    ops: Vec<Op>,
    /// The next sync of the log fails so often.
    failing_syncs: u32,
    /// So many of the next writes succeed; then so many fail.
    failing_writes: Option<(u32, u32)>,
}

pub(crate) fn recorder() -> &'static Recorder {
    static RECORDER: OnceLock<Recorder> = OnceLock::new();
    RECORDER.get_or_init(Recorder::default)
}

impl Record {
    fn file(&mut self, path: Option<PathBuf>) -> usize {
        let known = path
            .as_ref()
            .and_then(|path| self.paths.iter().position(|known| known.as_ref() == Some(path)));
        known.unwrap_or_else(|| {
            self.paths.push(path);
            self.paths.len() - 1
        })
    }
}

impl Recorder {
    pub(crate) fn open(&self, path: Option<String>) -> FileId {
        let mut record = self.0.lock();
        let path = path.map(PathBuf::from);
        let file = record.file(path.clone());
        // What somebody wrote to it past SQLite, who is taken to have synced it.
        if let Some(path) = path
            && record.doubtful.contains(&file)
            && fs::metadata(&path).unwrap().modified().unwrap() != LONG_AGO
        {
            let bytes = fs::read(path).unwrap();
            record.ops.push(Op::Write { file, offset: 0, bytes });
            record.ops.push(Op::Sync { file });
            record.doubtful.remove(&file);
        }
        FileId(file)
    }

    /// Whether it succeeds.
    pub(crate) fn write(&self, FileId(file): FileId, offset: u64, bytes: &[u8]) -> bool {
        let mut record = self.0.lock();
        match &mut record.failing_writes {
            Some((0, 0)) => record.failing_writes = None,
            Some((0, fails)) => {
                *fails -= 1;
                return false;
            }
            Some((succeeds, _)) => *succeeds -= 1,
            None => {}
        }
        record.ops.push(Op::Write { file, offset, bytes: bytes.to_owned() });
        true
    }

    pub(crate) fn truncate(&self, FileId(file): FileId, size: u64) {
        self.0.lock().ops.push(Op::Truncate { file, size });
    }

    /// Whether it succeeds.
    pub(crate) fn sync(&self, FileId(file): FileId) -> bool {
        let mut record = self.0.lock();
        let path = record.paths.get(file).cloned().flatten();
        let is_log = path.is_some_and(|path| path.to_string_lossy().ends_with("-wal"));
        if is_log && record.failing_syncs > 0 {
            record.failing_syncs -= 1;
            record.ops.push(Op::FailedSync { file });
            // So that anything that is written to it later shows.
            let path = record.paths[file].clone().unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(LONG_AGO).unwrap();
            record.doubtful.insert(file);
            return false;
        }
        record.ops.push(Op::Sync { file });
        true
    }

    pub(crate) fn delete(&self, path: &str) {
        let mut record = self.0.lock();
        let file = record.file(Some(path.into()));
        record.ops.push(Op::Delete { file });
    }

    pub(crate) fn fail_syncs(&self, times: u32) {
        self.0.lock().failing_syncs = times;
    }

    pub(crate) fn fail_writes(&self, after: u32, times: u32) {
        self.0.lock().failing_writes = Some((after, times));
    }

    /// How much was done so far.
    pub(crate) fn now(&self) -> usize {
        self.0.lock().ops.len()
    }
}

/// What a disk promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Honesty {
    Honest,
    /// A sync does nothing.
    Lies,
}

/// The files of a directory as they are on the disk at a moment.
#[derive(Debug)]
pub(crate) struct Disk {
    directory: PathBuf,
    began: usize,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Disk {
    /// Takes what is there now as written long ago.
    pub(crate) fn of(directory: &Path) -> Self {
        let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        let contents = |path: PathBuf| (path.clone(), fs::read(path).unwrap());
        let files = files.filter(|path| is_data(path)).map(contents).collect();
        Self { directory: directory.to_owned(), began: recorder().now(), files }
    }

    /// How much had been done when it was taken.
    pub(crate) fn began(&self) -> usize {
        self.began
    }

    /// Puts into `target` what is left if the power is lost when so much was done.
    pub(crate) fn lose_power(
        &self,
        at: usize,
        honesty: Honesty,
        random: &mut Random,
        target: &Path,
    ) {
        let record = recorder().0.lock();
        let mut files = self.files.clone();
        // How likely a sector is there that was not synced: never, always, or now and then.
        let chance = random.below(5);
        for (file, path) in record.paths.iter().enumerate() {
            let Some(path) = path.as_ref().filter(|path| path.parent() == Some(&self.directory))
            else {
                continue;
            };
            if is_data(path) {
                replay(
                    &record.ops[self.began..at],
                    file,
                    honesty,
                    chance,
                    random,
                    path,
                    &mut files,
                );
            }
        }
        for (path, bytes) in files {
            fs::write(target.join(path.file_name().unwrap()), bytes).unwrap();
        }
    }
}

/// Neither the lock file nor the shared memory outlives the machine.
fn is_data(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with("spawn.db") && !name.ends_with("-shm")
}

fn replay(
    ops: &[Op],
    file: usize,
    honesty: Honesty,
    chance: u64,
    random: &mut Random,
    path: &Path,
    files: &mut BTreeMap<PathBuf, Vec<u8>>,
) {
    let is_own = |op: &&Op| match op {
        Op::Write { file: it, .. }
        | Op::Truncate { file: it, .. }
        | Op::Sync { file: it }
        | Op::FailedSync { file: it }
        | Op::Delete { file: it } => *it == file,
    };
    let own: Vec<_> = ops.iter().filter(is_own).collect();
    let ends = own.iter().enumerate().filter(|(_, op)| {
        matches!(op, Op::FailedSync { .. })
            || matches!(op, Op::Sync { .. }) && honesty == Honesty::Honest
    });
    let mut begin = 0;
    for end in ends.map(|(place, _)| place).chain([own.len()]) {
        let is_synced = matches!(own.get(end), Some(Op::Sync { .. }));
        for op in &own[begin..end] {
            apply(op, path, files, || is_synced || random.below(4) < chance);
        }
        begin = end;
    }
}

fn apply(
    op: &Op,
    path: &Path,
    files: &mut BTreeMap<PathBuf, Vec<u8>>,
    mut is_there: impl FnMut() -> bool,
) {
    match op {
        Op::Write { offset, bytes, .. } => {
            let content = files.entry(path.to_owned()).or_default();
            let mut at = usize::try_from(*offset).unwrap();
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let length = (SECTOR - at % SECTOR).min(rest.len());
                let (sector, others) = rest.split_at(length);
                if is_there() {
                    content.resize(content.len().max(at + length), 0);
                    content[at..at + length].copy_from_slice(sector);
                }
                at += length;
                rest = others;
            }
        }
        Op::Truncate { size, .. } => {
            if is_there() {
                files
                    .entry(path.to_owned())
                    .or_default()
                    .resize(usize::try_from(*size).unwrap(), 0);
            }
        }
        Op::Delete { .. } => {
            if is_there() {
                files.remove(path);
            }
        }
        Op::Sync { .. } | Op::FailedSync { .. } => {}
    }
}
