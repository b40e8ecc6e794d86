-- Messages and visits are forgotten by their stamps, whatever stands in between.
CREATE INDEX messages_at ON messages (at);
CREATE INDEX visits_went ON visits (went) WHERE went IS NOT NULL;
-- How long a visit lasted is told by the server's running time, in ms since its start: the clock may be put right in
-- between. 'alive' is the running time at which the server was last known to run.
ALTER TABLE visits ADD COLUMN began INTEGER;
ALTER TABLE visits ADD COLUMN lasted INTEGER;
INSERT OR IGNORE INTO facts VALUES ('alive', 0);
