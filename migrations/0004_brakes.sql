-- No new starts, of one source (scope is its id) or of all (scope is empty).
CREATE TABLE brakes (
    scope TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    since BIGINT NOT NULL,
    until BIGINT,
    reason TEXT NOT NULL
);
