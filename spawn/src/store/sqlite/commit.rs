//! Writing a batch.

use std::hint::black_box;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, params};

use super::codec::{self, signed};
use super::known::{Found, Known};
use super::transaction::transact;
use super::{BoxError, StoreError, tags};
use crate::actor::ActorId;
use crate::event::Position;
use crate::store::check_number;
use crate::store::row::{
    ActorWrite, Answer, CallId, Commit, Consumed, Cursor, DeadLetterId, DeadLetterSource, Lapse,
    NewCall, NewDeadLetter, NewEvent, Parking, Revision, Verdict,
};

/// One transaction. The connection is not to be used again after [`StoreError::Unknown`].
pub(super) fn batch(
    connection: &Connection,
    known: &mut Known,
    number: u64,
    commits: &[&Commit],
) -> Result<Vec<Verdict>, StoreError> {
    let written =
        transact(connection, || Batch::begin(connection, known)?.write(known, number, commits));
    if written.is_err() {
        known.clear();
    }
    written.map_err(|failure| failure.into_error("committing", |verdicts| verdicts))
}

/// How many commits are read at once, before they are written one after the other.
const READ_AHEAD: usize = 16;

/// Reads what [`Batch::write_one`] will: it was made on another core, and what is read in one go is fetched from there in one go.
fn read_ahead(known: &Known, commit: &Commit) {
    // One of each line of the cache.
    let read = |bytes: &[u8]| bytes.iter().step_by(64).fold(0, |all, byte| all ^ byte);
    if let Some(write) = &commit.actor {
        black_box(known.read_ahead(&write.actor));
        black_box(write.state.as_ref().map(|state| read(&state.bytes)));
    }
    for event in &commit.events {
        black_box((read(&event.payload.bytes), read(event.channel.as_str().as_bytes())));
    }
}

/// The last ids that were given out.
struct Ids {
    head: u64,
    state: u64,
    call: u64,
    dead_letter: u64,
}

/// The transaction. The statements that each commit needs are at hand.
struct Batch<'c> {
    connection: &'c Connection,
    epoch: u64,
    last: u64,
    ids: Ids,
    find_actor: CachedStatement<'c>,
    write_actor: CachedStatement<'c>,
    write_state: CachedStatement<'c>,
    drop_state: CachedStatement<'c>,
    append_event: CachedStatement<'c>,
}

impl<'c> Batch<'c> {
    fn begin(connection: &'c Connection, known: &mut Known) -> Result<Self, BoxError> {
        known.check(connection)?;
        let mut meta = connection
            .prepare_cached("SELECT epoch, batch, head, state, call, dead_letter FROM meta")?;
        let (epoch, last, ids) = meta.query_row((), |row| {
            let number = |index| codec::get(row, index);
            Ok((|| {
                let ids = Ids {
                    head: number(2)?,
                    state: number(3)?,
                    call: number(4)?,
                    dead_letter: number(5)?,
                };
                Ok::<_, BoxError>((number(0)?, number(1)?, ids))
            })())
        })??;
        let prepare = |sql| connection.prepare_cached(sql);
        Ok(Self {
            connection,
            epoch,
            last,
            ids,
            find_actor: prepare(
                "SELECT revision, position, subscription, recent FROM actors WHERE key = ?1",
            )?,
            write_actor: prepare(
                "REPLACE INTO actors (key, revision, position, subscription, recent) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            write_state: prepare(
                "REPLACE INTO states (id, revision, type, state, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            drop_state: prepare("DELETE FROM states WHERE id = ?1")?,
            append_event: prepare(
                "INSERT INTO log (position, at, channel, type, payload, publisher, metadata)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
        })
    }

    fn write(
        mut self,
        known: &mut Known,
        number: u64,
        commits: &[&Commit],
    ) -> Result<Vec<Verdict>, BoxError> {
        // The batch of a system whose epoch is over counts for nothing.
        let counts =
            commits.is_empty() || commits.iter().any(|commit| commit.epoch.0 == self.epoch);
        if counts {
            check_number(number, self.last)?;
        }
        let mut verdicts = Vec::with_capacity(commits.len());
        for next in commits.chunks(READ_AHEAD) {
            for commit in next {
                read_ahead(known, commit);
            }
            for commit in next {
                verdicts.push(self.write_one(known, commit)?);
            }
        }
        if counts {
            self.execute(
                "UPDATE meta SET batch = ?1, head = ?2, state = ?3, call = ?4, dead_letter = ?5",
                params![
                    signed(number),
                    signed(self.ids.head),
                    signed(self.ids.state),
                    signed(self.ids.call),
                    signed(self.ids.dead_letter),
                ],
            )?;
        }
        Ok(verdicts)
    }

    /// Looks at everything that a commit expects before it writes anything, so that a refused one leaves no trace.
    fn write_one(&mut self, known: &mut Known, commit: &Commit) -> Result<Verdict, BoxError> {
        let mut actor = match &commit.actor {
            Some(write) => Some((write, self.find(known, &write.actor)?)),
            None => None,
        };
        let (revision, reached) = match &actor {
            Some((_, found)) => (Revision(found.revision), found.cursor),
            None => Default::default(),
        };
        let expected = commit.actor.as_ref().map_or(revision, |write| write.expected);
        if commit.epoch.0 != self.epoch || expected != revision {
            return Ok(Verdict::Stale { found: revision });
        }
        let cursor = commit.actor.as_ref().and_then(|write| write.cursor);
        if (cursor.is_some() && cursor <= reached)
            || !commit.consumed.as_ref().map_or(Ok(true), |consumed| self.is_there(consumed))?
            || commit.answer.as_ref().map_or(Ok(false), |answer| self.is_answered(answer))?
        {
            return Ok(Verdict::Gone);
        }

        if let Some((write, found)) = &mut actor {
            self.write_actor(write, found, commit.at)?;
        }
        if let Some(consumed) = &commit.consumed {
            self.consume(consumed)?;
        }
        if let Some(answer) = &commit.answer {
            self.write_answer(answer)?;
        }
        if let Some(parking) = &commit.parking {
            self.park(parking)?;
        }
        if let Some(Lapse { subscription, up_to }) = &commit.lapse {
            let sql =
                "UPDATE subscriptions SET lapsed = max(coalesce(lapsed, 0), ?2) WHERE id = ?1";
            self.execute(sql, [signed(subscription.0), signed(up_to.0)])?;
        }
        let first = if commit.events.is_empty() { self.ids.head } else { self.ids.head + 1 };
        for event in &commit.events {
            self.append(event)?;
        }
        let first_call = if commit.calls.is_empty() { 0 } else { self.ids.call + 1 };
        for call in &commit.calls {
            self.add_call(call)?;
        }
        let dead_letter = match &commit.dead_letter {
            Some(letter) => self.add_dead_letter(letter)?,
            None => 0,
        };
        Ok(Verdict::Committed {
            first: Position(first),
            first_call: CallId(first_call),
            dead_letter: DeadLetterId(dead_letter),
        })
    }

    fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(params)
    }

    fn find<'k>(
        &mut self,
        known: &'k mut Known,
        actor: &ActorId,
    ) -> Result<&'k mut Found, BoxError> {
        known.find(actor, || {
            let found = self.find_actor.query_row([actor.as_str()], |row| {
                Ok((|| {
                    Ok::<_, BoxError>(Found {
                        revision: codec::get(row, 0)?,
                        cursor: codec::cursor(row, 1)?,
                        recent: codec::get(row, 3)?,
                    })
                })())
            });
            let named = codec::Damaged::naming(|| format!("the actor {actor}"));
            found.optional()?.transpose().map_err(named)
        })
    }

    fn write_actor(
        &mut self,
        write: &ActorWrite,
        found: &mut Found,
        at: u64,
    ) -> Result<(), BoxError> {
        if !write.changes_something() {
            return Ok(());
        }
        if let Some(tags) = &write.tags {
            tags::write(self.connection, &write.actor, tags)?;
        }
        if let Some(state) = &write.state {
            found.revision += 1;
            // The row of the state that falls out is written over: that touches one page, where a new row and a deletion touch two.
            let excess = (found.recent.len() + 1).saturating_sub(write.keep.max(1).into());
            let mut ids = found.recent.drain(..excess);
            let id = ids.next_back().unwrap_or_else(|| {
                self.ids.state += 1;
                self.ids.state
            });
            for id in ids {
                self.drop_state.execute([signed(id)])?;
            }
            found.recent.push(id);
            self.write_state.execute(params![
                signed(id),
                signed(found.revision),
                state.type_name,
                &state.bytes[..],
                signed(at),
            ])?;
        }
        found.cursor = write.cursor.or(found.cursor);
        self.write_actor.execute(params![
            write.actor.as_str(),
            signed(found.revision),
            found.cursor.map(|cursor| signed(cursor.position.0)),
            found.cursor.map(|cursor| signed(cursor.subscription.0)),
            &codec::state_ids(&found.recent)[..],
        ])?;
        Ok(())
    }

    fn exists(&self, sql: &str, params: impl Params) -> Result<bool, BoxError> {
        Ok(self.connection.prepare_cached(sql)?.exists(params)?)
    }

    fn is_there(&self, consumed: &Consumed) -> Result<bool, BoxError> {
        match consumed {
            Consumed::Events { subscriber, cursor } => {
                let ahead = "SELECT 1 FROM cursors WHERE subscriber = ?1 AND (position, subscription) >= (?2, ?3)";
                let cursor = (signed(cursor.position.0), signed(cursor.subscription.0));
                Ok(!self.exists(ahead, params![subscriber, cursor.0, cursor.1])?)
            }
            Consumed::Call(id) | Consumed::Postponed { call: id, .. } => {
                self.exists("SELECT 1 FROM calls WHERE id = ?1", [signed(id.0)])
            }
            Consumed::DeadLetter(id) => {
                self.exists("SELECT 1 FROM dead_letters WHERE id = ?1", [signed(id.0)])
            }
        }
    }

    fn consume(&self, consumed: &Consumed) -> rusqlite::Result<usize> {
        match consumed {
            Consumed::Events { subscriber, cursor } => self.execute(
                "REPLACE INTO cursors (subscriber, position, subscription) VALUES (?1, ?2, ?3)",
                params![subscriber, signed(cursor.position.0), signed(cursor.subscription.0)],
            ),
            Consumed::Call(id) => self.execute("DELETE FROM calls WHERE id = ?1", [signed(id.0)]),
            Consumed::Postponed { call, due, attempts } => self.execute(
                "UPDATE calls SET due = ?2, attempts = ?3 WHERE id = ?1",
                params![signed(call.0), signed(*due), attempts],
            ),
            Consumed::DeadLetter(id) => {
                self.execute("DELETE FROM dead_letters WHERE id = ?1", [signed(id.0)])
            }
        }
    }

    fn park(&self, Parking { actor, after }: &Parking) -> rusqlite::Result<usize> {
        match after {
            Some(Cursor { position, subscription }) => self.execute(
                "REPLACE INTO parked (actor, position, subscription) VALUES (?1, ?2, ?3)",
                params![actor.as_str(), signed(position.0), signed(subscription.0)],
            ),
            None => self.execute("DELETE FROM parked WHERE actor = ?1", [actor.as_str()]),
        }
    }

    fn is_answered(&self, answer: &Answer) -> Result<bool, BoxError> {
        let key = &answer.key;
        self.exists(
            "SELECT 1 FROM answers WHERE actor = ?1 AND action = ?2 AND key = ?3 AND expires > ?4",
            params![key.actor.as_str(), key.action, key.key, signed(answer.at)],
        )
    }

    fn write_answer(&self, answer: &Answer) -> rusqlite::Result<usize> {
        let key = &answer.key;
        self.execute(
            "REPLACE INTO answers (actor, action, key, type, response, at, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                key.actor.as_str(),
                key.action,
                key.key,
                answer.response.type_name,
                &answer.response.bytes[..],
                signed(answer.at),
                signed(answer.expires),
            ],
        )
    }

    fn append(&mut self, event: &NewEvent) -> rusqlite::Result<()> {
        self.ids.head += 1;
        self.append_event.execute(params![
            signed(self.ids.head),
            signed(event.at),
            event.channel.as_str(),
            event.payload.type_name,
            &event.payload.bytes[..],
            event.publisher.as_ref().map(ActorId::as_str),
            codec::metadata(&event.metadata),
        ])?;
        Ok(())
    }

    fn add_call(&mut self, call: &NewCall) -> rusqlite::Result<usize> {
        self.ids.call += 1;
        self.execute(
            "INSERT INTO calls (id, attempts, due, target, action, type, payload, caller, metadata)
             VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                signed(self.ids.call),
                signed(call.due),
                call.target.as_str(),
                call.action,
                call.payload.type_name,
                &call.payload.bytes[..],
                call.caller.as_ref().map(ActorId::as_str),
                codec::metadata(&call.metadata),
            ],
        )
    }

    fn add_dead_letter(&mut self, letter: &NewDeadLetter) -> rusqlite::Result<u64> {
        self.ids.dead_letter += 1;
        let id = signed(self.ids.dead_letter);
        let NewDeadLetter { subscriber, source, error, attempts, at } = letter;
        match source {
            DeadLetterSource::Event { pattern, event: row } => self.execute(
                "INSERT INTO dead_letters (id, subscriber, error, attempts, at, type, payload, metadata,
                                           pattern, position, channel, publisher, published)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    id,
                    subscriber,
                    error,
                    attempts,
                    signed(*at),
                    row.event.payload.type_name,
                    &row.event.payload.bytes[..],
                    codec::metadata(&row.event.metadata),
                    pattern,
                    signed(row.position.0),
                    row.event.channel.as_str(),
                    row.event.publisher.as_ref().map(ActorId::as_str),
                    signed(row.event.at),
                ],
            ),
            DeadLetterSource::Missed { pattern, after, up_to } => self.execute(
                "INSERT INTO dead_letters (id, subscriber, error, attempts, at, type, payload,
                                           pattern, position, after)
                 VALUES (?1, ?2, ?3, ?4, ?5, '', x'', ?6, ?7, ?8)",
                params![
                    id,
                    subscriber,
                    error,
                    attempts,
                    signed(*at),
                    pattern,
                    signed(up_to.0),
                    signed(after.0),
                ],
            ),
            DeadLetterSource::Call(call) => self.execute(
                "INSERT INTO dead_letters (id, subscriber, error, attempts, at, type, payload, metadata,
                                           due, target, action, caller)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    id,
                    subscriber,
                    error,
                    attempts,
                    signed(*at),
                    call.payload.type_name,
                    &call.payload.bytes[..],
                    codec::metadata(&call.metadata),
                    signed(call.due),
                    call.target.as_str(),
                    call.action,
                    call.caller.as_ref().map(ActorId::as_str),
                ],
            ),
        }?;
        Ok(self.ids.dead_letter)
    }
}
