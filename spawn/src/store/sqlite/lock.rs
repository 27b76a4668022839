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
        // So that nobody reads the id of a process that has let go.
        drop(self.0.set_len(0));
        // The lock would go with the file, but not before its last copy is closed; and a process that this one is just starting has one
        // until it runs its own program.
        drop(self.0.unlock());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_file_in_a_process_that_is_just_starting_does_not_keep_the_lock() {
        let directory = tempfile::tempdir().unwrap();
        let lock = Lock::acquire(directory.path()).unwrap();
        let copy = lock.0.try_clone().unwrap();
        drop(lock);
        drop(Lock::acquire(directory.path()).unwrap());
        drop(copy);
    }
}
