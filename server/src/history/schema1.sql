CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    member INTEGER NOT NULL,
    text TEXT NOT NULL,
    ref INTEGER
) STRICT;
CREATE INDEX messages_of ON messages (member, ref) WHERE ref IS NOT NULL;

CREATE TABLE sessions (
    member INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    seal BLOB NOT NULL,
    ip TEXT NOT NULL,
    ended INTEGER
) STRICT;
CREATE INDEX open_sessions ON sessions (member) WHERE ended IS NULL;

CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL,
    name TEXT NOT NULL,
    addr TEXT NOT NULL,
    came INTEGER NOT NULL,
    went INTEGER
) STRICT;
CREATE INDEX open_visits ON visits (member) WHERE went IS NULL;

CREATE VIRTUAL TABLE words USING fts5 (
    text,
    content = 'messages',
    content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER message_said AFTER INSERT ON messages BEGIN
    INSERT INTO words (rowid, text) VALUES (new.seq, new.text);
END;
CREATE TRIGGER message_forgotten AFTER DELETE ON messages BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.seq, old.text);
END;
