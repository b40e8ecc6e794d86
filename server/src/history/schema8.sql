-- What the operator forbade. kind: 0 a ban, 1 a mute of an address, 2 a mute of one person. names: separated by spaces.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    ip TEXT NOT NULL,
    names TEXT NOT NULL,
    member INTEGER,
    at INTEGER NOT NULL,
    why TEXT
) STRICT;
