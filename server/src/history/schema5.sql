-- Messages are searched by reading them: there is no index of words any more.
DROP TRIGGER message_forgotten;
DROP TABLE words;
DELETE FROM facts WHERE name = 'indexed';
