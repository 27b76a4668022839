-- The tags that actors have set. One that has set none at all has a row with an empty key, which no tag has.
CREATE TABLE tags (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_by_pair ON tags (key, value, actor)
