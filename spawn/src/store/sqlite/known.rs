//! What the connection that writes knows of the actors without asking.

use std::mem;

use hashbrown::DefaultHashBuilder;
use indexmap::IndexMap;
use rusqlite::Connection;

use super::BoxError;
use super::codec::StateIds;
use crate::actor::ActorId;
use crate::store::row::Cursor;

/// What is saved of an actor, beside its states.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) revision: u64,
    pub(super) cursor: Option<Cursor>,
    pub(super) recent: StateIds,
}

/// The rows of the actors that were written lately, as they are in the file: nobody else writes to it. An actor that is used again
/// and again is then not looked up again and again.
///
/// Those that came to it one after the other are neighbours: they are likely to come again like that, and the next one is then in the
/// processor's cache already.
///
/// What a transaction has put here counts only once that has taken effect: whoever cannot say so [clears](Self::clear) it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Those that were used since the last turn of the generations.
    young: Generation,
    old: Generation,
    /// What SQLite counts up when another connection has written.
    version: i64,
}

type Generation = IndexMap<ActorId, Found, DefaultHashBuilder>;

/// How many actors a generation has: as many as a table of 16,384 places takes. One more would double it.
const GENERATION: usize = 16_384 / 8 * 7;

impl Known {
    /// To be called at the begin of each transaction: a person with another tool may have written.
    pub(super) fn check(&mut self, connection: &Connection) -> Result<(), BoxError> {
        let mut ask = connection.prepare_cached("PRAGMA data_version")?;
        let version = ask.query_row((), |row| row.get(0))?;
        if mem::replace(&mut self.version, version) != version {
            self.clear();
        }
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    /// Reads what [`find`](Self::find) will, if it is there.
    pub(super) fn read_ahead(&self, actor: &ActorId) -> Option<u64> {
        self.young.get(actor).and_then(|found| found.recent.last().copied())
    }

    /// The actor's row, which `look` reads if it is not known; one with the revision 0 and no cursor if there is none.
    pub(super) fn find(
        &mut self,
        actor: &ActorId,
        look: impl FnOnce() -> Result<Option<Found>, BoxError>,
    ) -> Result<&mut Found, BoxError> {
        if self.young.len() >= GENERATION {
            // Both tables are kept, so that the memory does not come and go with the generations.
            mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        let place = if let Some(place) = self.young.get_index_of(actor) {
            place
        } else {
            let found = match self.old.swap_remove(actor) {
                Some(found) => found,
                None => look()?.unwrap_or_default(),
            };
            self.young.insert_full(actor.clone(), found).0
        };
        Ok(&mut self.young[place])
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, GENERATION, Known};
    use crate::actor::ActorId;

    #[test]
    fn it_takes_the_same_room_however_many_actors_there_are() {
        let mut known = Known::default();
        let mut rooms = Vec::new();
        for number in 0..5 * GENERATION {
            let actor = ActorId::parse(&format!("a/{number}")).unwrap();
            known.find(&actor, || Ok(None)).unwrap();
            rooms.push(known.young.capacity() + known.old.capacity());
        }
        let (_, filled) = rooms.split_at(2 * GENERATION);
        assert!(filled.iter().all(|room| *room == filled[0]), "it grows or shrinks");
        assert!(filled[0] * size_of::<(u64, ActorId, Found)>() < 7 << 20, "{} places", filled[0]);
    }
}
