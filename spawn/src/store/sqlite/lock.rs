//! One process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;
use std::{io, process, thread};

use super::StoreError;

/// The lock on a directory. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(File);

/// How often the file is read for the process id that its owner is just writing.
const READS: u32 = 20;

impl Lock {
    /// Locks `directory`, or says which process has.
    pub(super) fn acquire(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join("spawn.lock");
        let failed =
            |cause: io::Error| StoreError::failed(format!("locking {}", path.display()), cause);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                Self::sign(&mut file).map_err(failed)?;
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
                place: directory.display().to_string(),
                pid: Self::owner(&mut file).map_err(failed)?,
            }),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }

    fn sign(file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", process::id())
    }

    /// The process that has the lock; 0 if it does not say.
    fn owner(file: &mut File) -> io::Result<u32> {
        for _ in 0..READS {
            let mut text = String::new();
            file.rewind()?;
            file.read_to_string(&mut text)?;
            // Without the end of the line, the owner is not done writing.
            if let Some(pid) = text.strip_suffix('\n').and_then(|pid| pid.parse().ok()) {
                return Ok(pid);
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(0)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // So that nobody reads the id of a process that has let go; the lock itself goes with the file.
        drop(self.0.set_len(0));
    }
}
