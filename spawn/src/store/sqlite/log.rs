//! The write-ahead log, looked at before SQLite reads it.
//!
//! SQLite reads a log up to the first frame that does not fit, which is how it knows where the last run ended. Of a log that was damaged it
//! takes what is before the damage, says nothing, and writes over the rest.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

const HEADER: usize = 32;
const FRAME: usize = 24;

/// Where a log ends for SQLite, and goes on.
#[derive(Debug, PartialEq, Eq)]
struct Damage {
    /// The first byte of what is not read.
    at: u64,
    /// What tells this log from the others of its file.
    salts: [u8; 8],
}

/// Puts a copy of a damaged log aside, and says where; `None` if it is whole, or ends as a kill leaves it.
pub(super) fn keep_damaged(log: &Path) -> io::Result<Option<(PathBuf, u64)>> {
    let file = match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let Some(damage) = examine(&mut BufReader::with_capacity(1 << 20, file))? else {
        return Ok(None);
    };
    let name = format!("db-wal.{:016x}.damaged", u64::from_be_bytes(damage.salts));
    let copy = log.with_extension(name);
    if !copy.exists() {
        fs::copy(log, &copy)?;
        File::open(&copy)?.sync_all()?;
    }
    Ok(Some((copy, damage.at)))
}

/// The two sums over a log, from its beginning on.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Sums(u32, u32);

impl Sums {
    fn add(self, bytes: &[u8], word: fn([u8; 4]) -> u32) -> Self {
        let (words, _) = bytes.as_chunks();
        let (pairs, _) = words.as_chunks();
        pairs.iter().fold(self, |Self(first, second), [one, two]: &[[u8; 4]; 2]| {
            let first = first.wrapping_add(word(*one)).wrapping_add(second);
            Self(first, second.wrapping_add(word(*two)).wrapping_add(first))
        })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (words, _) = bytes.as_chunks();
        let [first, second]: [[u8; 4]; 2] = words.try_into().ok()?;
        Some(Self(u32::from_be_bytes(first), u32::from_be_bytes(second)))
    }
}

fn examine(log: &mut impl Read) -> io::Result<Option<Damage>> {
    let mut header = Vec::new();
    log.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
    let Ok(header) = <[u8; HEADER]>::try_from(header) else { return Ok(None) };
    let number = |at: usize| header[at..].first_chunk().copied().map_or(0, u32::from_be_bytes);
    let word = if number(0) & 1 == 0 { u32::from_le_bytes } else { u32::from_be_bytes };
    let mut salts = [0; 8];
    salts.copy_from_slice(&header[16..24]);
    let mut sums = Sums::default().add(&header[..24], word);
    let page = number(8);
    let is_header = number(0) >> 1 == 0x377f_0682 >> 1 && (512..=65_536).contains(&page);
    if !is_header || Sums::read(&header[24..]) != Some(sums) {
        // One without frames was never of use to anybody.
        let is_used = io::copy(log, &mut io::sink())? > FRAME as u64;
        return Ok(is_used.then_some(Damage { at: 0, salts }));
    }
    let mut frame = vec![0; FRAME + page as usize];
    let (mut at, mut end) = (HEADER as u64, None);
    while read_whole(log, &mut frame)? {
        let (head, page) = frame.split_at(FRAME);
        let is_of_this_log = head[8..16] == salts;
        if end.is_none() {
            let next = sums.add(&head[..8], word).add(page, word);
            if is_of_this_log && Sums::read(&head[16..]) == Some(next) {
                sums = next;
            } else {
                end = Some(at);
            }
        }
        // The frame that makes a transaction count, which SQLite will not reach.
        let is_commit = head[4..8] != [0; 4];
        if let Some(at) = end.filter(|_| is_of_this_log && is_commit) {
            return Ok(Some(Damage { at, salts }));
        }
        at += frame.len() as u64;
    }
    Ok(None)
}

/// Whether there was as much.
fn read_whole(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{FRAME, HEADER, examine};

    const PAGE: usize = 4_096;

    /// A log of some transactions, as SQLite writes it.
    fn log() -> Vec<u8> {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); COMMIT;")
            .unwrap();
        for number in 0..5 {
            connection.execute("INSERT INTO t VALUES (?1)", [number]).unwrap();
        }
        std::fs::read(directory.path().join("spawn.db-wal")).unwrap()
    }

    fn damaged(log: &[u8]) -> Option<u64> {
        examine(&mut &*log).unwrap().map(|damage| damage.at)
    }

    #[test]
    fn a_log_is_whole_wherever_it_was_cut_off() {
        let log = log();
        assert!(log.len() > HEADER + 5 * (FRAME + PAGE));
        for length in (0..=log.len()).step_by(7).chain([log.len()]) {
            assert_eq!(damaged(&log[..length]), None, "{length}");
        }
    }

    #[test]
    fn a_flipped_bit_is_found_in_its_frame() {
        let log = log();
        for at in (0..log.len()).step_by(5) {
            let mut flipped = log.clone();
            flipped[at] ^= 1 << (at % 8);
            let frame = at.checked_sub(HEADER).map(|at| at / (FRAME + PAGE));
            let expected = frame.map_or(0, |frame| HEADER + frame * (FRAME + PAGE)) as u64;
            let is_last = (HEADER..).contains(&at) && at + FRAME + PAGE >= log.len();
            match damaged(&flipped) {
                // Nothing tells the last frame from one that was being written.
                None => assert!(is_last, "{at}"),
                found => assert_eq!(found, Some(expected), "{at}"),
            }
        }
    }

    #[test]
    fn frames_of_an_earlier_log_and_a_transaction_without_its_end_are_no_damage() {
        let (mut old, new) = (log(), log());
        let frames = HEADER + 2 * (FRAME + PAGE);
        old[..frames].copy_from_slice(&new[..frames]);
        assert_eq!(damaged(&old), None);
        // The last frame of each transaction says so; without that, they are as one that was being written.
        let mut open = new;
        for frame in 2.. {
            let Some(head) =
                open.get_mut(HEADER + frame * (FRAME + PAGE)..).filter(|it| !it.is_empty())
            else {
                break;
            };
            head[4..8].fill(0);
        }
        assert_eq!(damaged(&open), None);
    }
}
