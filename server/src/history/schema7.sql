-- Notices have no number of their own: `after` is that of the last message before them. They are told from the fact
-- `notice_line` on, and messages from the fact `line` on: what stands before is of an earlier lesson.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    after INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX notices_after ON notices (after);
-- What is left of a message that was taken back: its number, so that it is never given again, and its sender's, so that
-- it is not said again.
CREATE TABLE removed (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    member INTEGER NOT NULL,
    ref INTEGER
) STRICT;
CREATE INDEX removed_of ON removed (member, ref) WHERE ref IS NOT NULL;
