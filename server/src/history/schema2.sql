-- Words go into their index many messages at a time: each by itself cost more than all else about a message.
DROP TRIGGER message_said;
DROP TRIGGER message_forgotten;
INSERT INTO facts VALUES ('indexed', coalesce((SELECT max(seq) FROM messages), 0));
CREATE TRIGGER message_forgotten AFTER DELETE ON messages
WHEN old.seq <= (SELECT value FROM facts WHERE name = 'indexed') BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.seq, old.text);
END;
