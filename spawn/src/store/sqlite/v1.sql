-- Ids that a table gives out are counted in `meta`, in the transaction that uses them: an id never comes again, also when every
-- row that had one is gone. (A rowid that SQLite chooses would begin again at 1, and every cursor would skip what comes then.)
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    identity INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    -- The last batch that took effect.
    batch INTEGER NOT NULL,
    -- The last ids that were given out, by table.
    head INTEGER NOT NULL,
    state INTEGER NOT NULL,
    call INTEGER NOT NULL,
    dead_letter INTEGER NOT NULL,
    subscription INTEGER NOT NULL
) STRICT;

-- Small rows, since each commit writes one again.
CREATE TABLE actors (
    key TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    position INTEGER,
    subscription INTEGER,
    -- The ids of the kept states as varints, the newest last.
    recent BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The row of the oldest kept revision is written over by the newest.
CREATE TABLE states (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL,
    state BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    type TEXT NOT NULL,
    payload BLOB NOT NULL,
    publisher TEXT,
    -- Keys and values in turn, each with its length (a varint) before it.
    metadata BLOB
) STRICT;

CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY,
    subscriber TEXT NOT NULL,
    pattern TEXT NOT NULL,
    since INTEGER NOT NULL,
    lapsed INTEGER,
    UNIQUE (subscriber, pattern)
) STRICT;

-- Of subscribers without a state of their own.
CREATE TABLE cursors (
    subscriber TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    subscription INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    attempts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    target TEXT NOT NULL,
    action TEXT NOT NULL,
    type TEXT NOT NULL,
    payload BLOB NOT NULL,
    caller TEXT,
    metadata BLOB
) STRICT;

CREATE TABLE answers (
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    response BLOB NOT NULL,
    at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (actor, action, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_expiry ON answers (expires);

-- Instances that read their events from the log themselves, and up to where they have had them.
CREATE TABLE parked (
    actor TEXT PRIMARY KEY NOT NULL,
    position INTEGER NOT NULL,
    subscription INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of an event: pattern, position, channel, publisher, published. Of a call: due, target, action, caller. Of events that were
-- missed: pattern, after, position.
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    subscriber TEXT NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    payload BLOB NOT NULL,
    metadata BLOB,
    pattern TEXT,
    position INTEGER,
    channel TEXT,
    publisher TEXT,
    published INTEGER,
    due INTEGER,
    target TEXT,
    action TEXT,
    caller TEXT,
    after INTEGER
) STRICT
