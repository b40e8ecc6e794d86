-- Ended sessions are forgotten oldest first.
CREATE INDEX ended_sessions ON sessions (ended) WHERE ended IS NOT NULL;
