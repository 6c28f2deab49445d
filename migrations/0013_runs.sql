-- What a route says of its engine; NULL for the one inside.
ALTER TABLE routes ADD COLUMN set_up TEXT;

-- The numbers by which a job's readers are known at their server; given once, never to another.
CREATE TABLE server_ids (
    server TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    job_id TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    PRIMARY KEY (server, first)
);

-- Starts of jobs at engines that follow changes; each is written before the call that makes it.
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    job_name TEXT NOT NULL,
    number BIGINT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    place TEXT NOT NULL,
    tables TEXT NOT NULL,
    args TEXT NOT NULL,
    restored TEXT,
    leaves_state BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    stage TEXT NOT NULL,
    checkpoint TEXT,
    UNIQUE (job_name, number)
);
