-- People are changed by people: each change knows what it saw. A link to set one's password works once, for a while.
ALTER TABLE people ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE TABLE password_links (
    person_id TEXT PRIMARY KEY REFERENCES people (id),
    token_hash TEXT NOT NULL UNIQUE,
    until BIGINT NOT NULL
);
-- Taken before anybody is changed, so that no two at once take the last two operators away.
INSERT INTO counters (name, value, hash) VALUES ('people', 0, '');
