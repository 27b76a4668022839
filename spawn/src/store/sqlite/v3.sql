-- What layers over the store put beside the data, such as the check of its keys.
CREATE TABLE notes (
    name TEXT PRIMARY KEY NOT NULL,
    note BLOB NOT NULL
) STRICT, WITHOUT ROWID
