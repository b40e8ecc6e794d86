-- Which messages a word is in, and no longer where in them: half the work, which pays for entries of their own for the
-- beginnings of words. What every other message contains is so found without gathering all of it first.
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5 (
    text,
    content = 'messages',
    content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 2',
    detail = 'none',
    columnsize = 0,
    prefix = '1 2 3'
);
INSERT INTO words (words) VALUES ('rebuild');
UPDATE facts SET value = coalesce((SELECT max(seq) FROM messages), 0) WHERE name = 'indexed';
