//! The tags of actors.

use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::BoxError;
use super::codec::{get, limit};
use super::read::all;
use crate::actor::ActorId;
use crate::store::row::TagQuery;
use crate::tags::Tags;

/// Puts these in place of those that the actor has set before.
pub(super) fn write(connection: &Connection, actor: &ActorId, tags: &Tags) -> Result<(), BoxError> {
    connection.prepare_cached("DELETE FROM tags WHERE actor = ?1")?.execute([actor.as_str()])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO tags (actor, key, value) VALUES (?1, ?2, ?3)")?;
    if tags.is_empty() {
        insert.execute([actor.as_str(), "", ""])?;
    }
    for (key, value) in tags {
        insert.execute([actor.as_str(), key, value])?;
    }
    Ok(())
}

/// The tags that the actor has set, if it has.
pub(super) fn of(connection: &Connection, actor: &ActorId) -> Result<Option<Arc<Tags>>, BoxError> {
    let sql = "SELECT key, value FROM tags WHERE actor = ?1";
    let rows =
        all(connection, sql, [actor.as_str()], |row| Ok((get::<String>(row, 0)?, get(row, 1)?)))?;
    let has_set = !rows.is_empty();
    let tags = rows.into_iter().filter(|(key, _)| !key.is_empty()).collect();
    Ok(has_set.then(|| Arc::new(tags)))
}

/// A statement in the making, and the values of its parameters.
#[derive(Default)]
struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Statement {
    fn add(&mut self, part: &str) {
        self.sql.push_str(part);
    }

    /// The name of a new parameter.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// The bounds between which the ids of the instances of an actor are: `0` is the character after the slash.
    fn instances(&mut self, name: &str) -> (String, String) {
        (self.value(format!("{name}/")), self.value(format!("{name}0")))
    }
}

pub(super) fn find(connection: &Connection, query: &TagQuery) -> Result<Vec<ActorId>, BoxError> {
    let mut statement = Statement::default();
    let after = query.after.as_ref().map_or("", ActorId::as_str).to_owned();
    let after = statement.value(after);
    match query.tags.split_first() {
        None => statement
            .add(&format!("SELECT DISTINCT actor AS id FROM tags AS mine WHERE actor > {after}")),
        Some(((key, value), others)) => {
            let (key, value) = (statement.value(key.clone()), statement.value(value.clone()));
            statement.add(&format!(
                "SELECT actor AS id FROM tags AS mine
                 WHERE key = {key} AND value = {value} AND actor > {after}"
            ));
            for (key, value) in others {
                let (key, value) = (statement.value(key.clone()), statement.value(value.clone()));
                statement.add(&format!(
                    " AND EXISTS (SELECT 1 FROM tags
                                  WHERE actor = mine.actor AND key = {key} AND value = {value})"
                ));
            }
        }
    }
    if let Some(name) = &query.name {
        let (first, last) = statement.instances(name);
        let name = statement.value(name.clone());
        statement.add(&format!(" AND (actor = {name} OR actor > {first} AND actor < {last})"));
    }
    for name in &query.untagged {
        let (first, last) = statement.instances(name);
        statement.add(&format!(
            " UNION ALL SELECT key FROM actors WHERE key > max({after}, {first}) AND key < {last}
              AND NOT EXISTS (SELECT 1 FROM tags WHERE actor = actors.key)"
        ));
    }
    let rows = statement.value(limit(query.limit));
    statement.add(&format!(" ORDER BY id LIMIT {rows}"));
    // Not kept: there are many forms of it.
    let mut prepared = connection.prepare(&statement.sql)?;
    let mut rows = prepared.query(params_from_iter(&statement.values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(get(row, 0)?);
    }
    Ok(found)
}
