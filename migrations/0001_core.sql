-- Columns are TEXT or BIGINT only; times are epoch milliseconds; JSON is TEXT. The same SQL on SQLite and PostgreSQL.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO counters (name, value, hash) VALUES ('changes', 0, ''), ('requests', 1000, '');

-- The one log: timeline, audit trail, live stream, outbox.
CREATE TABLE changes (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    topic TEXT NOT NULL,
    thing TEXT NOT NULL,
    request_id TEXT,
    items TEXT NOT NULL,
    actor TEXT NOT NULL,
    happened TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX changes_by_request ON changes (request_id, seq);
CREATE INDEX changes_by_thing ON changes (thing, seq);

CREATE TABLE teams (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    shown TEXT NOT NULL,
    team_id TEXT REFERENCES teams (id),
    operator BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    password TEXT NOT NULL
);

-- Only the SHA-256 of a session's token is kept.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    closed BIGINT NOT NULL,
    read_at BIGINT,
    trouble TEXT
);

CREATE TABLE source_owners (
    source_id TEXT NOT NULL REFERENCES sources (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (source_id, person_id)
);

CREATE TABLE routes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    engine TEXT NOT NULL,
    tiers TEXT NOT NULL
);

CREATE TABLE tables (
    source_id TEXT NOT NULL REFERENCES sources (id),
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    comment TEXT NOT NULL,
    columns TEXT NOT NULL,
    primary_key TEXT NOT NULL,
    row_estimate BIGINT,
    byte_estimate BIGINT,
    counted_at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (source_id, database_name, table_name)
);

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    requester_id TEXT NOT NULL REFERENCES people (id),
    team_id TEXT,
    asked TEXT NOT NULL,
    hash TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (requester_id, idempotency_key)
);
CREATE INDEX requests_by_requester ON requests (requester_id, number);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    source_id TEXT NOT NULL REFERENCES sources (id),
    route_id TEXT NOT NULL REFERENCES routes (id),
    tier TEXT NOT NULL,
    wanted TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE items (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    position BIGINT NOT NULL,
    requester_id TEXT NOT NULL REFERENCES people (id),
    team_id TEXT,
    source_id TEXT NOT NULL REFERENCES sources (id),
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    route_id TEXT NOT NULL REFERENCES routes (id),
    target_database TEXT NOT NULL,
    target_table TEXT NOT NULL,
    tier TEXT NOT NULL,
    job_id TEXT REFERENCES jobs (id),
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    alive BIGINT NOT NULL,
    body TEXT NOT NULL,
    landed TEXT,
    trouble TEXT,
    progress_rows BIGINT,
    progress_of BIGINT,
    moved_at BIGINT,
    looked_at BIGINT,
    told_at BIGINT,
    version BIGINT NOT NULL
);
-- Of one (source, table, route) at most one item lives; and no two write one table of the lake.
CREATE UNIQUE INDEX items_alive ON items (source_id, database_name, table_name, route_id) WHERE alive = 1;
CREATE UNIQUE INDEX items_target ON items (route_id, target_database, target_table) WHERE alive = 1;
CREATE INDEX items_by_request ON items (request_id, position);
CREATE INDEX items_by_state ON items (state, since);
CREATE INDEX items_by_job ON items (job_id);

-- Items of other requests that a request shows: somebody brought them already.
CREATE TABLE links (
    request_id TEXT NOT NULL REFERENCES requests (id),
    item_id TEXT NOT NULL REFERENCES items (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (request_id, item_id)
);
CREATE INDEX links_by_item ON links (item_id);

-- Our own background work.
CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    outputs TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    problem TEXT
);
CREATE INDEX tasks_due ON tasks (state, run_at);

-- Leases on things that only one may do at a time, across processes.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- Copies of the embedded engine: the intent before, the count before the commit, the end after.
CREATE TABLE copies (
    id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES items (id),
    state TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    read_at BIGINT,
    counted BIGINT,
    columns TEXT,
    snapshot BIGINT,
    ended_at BIGINT,
    cause TEXT
);
CREATE INDEX copies_by_item ON copies (item_id, begun_at);

-- Sealed secrets: v1.<key id>.<nonce>.<ciphertext>, the row's id as associated data.
CREATE TABLE secrets (
    id TEXT PRIMARY KEY,
    sealed TEXT NOT NULL
);
