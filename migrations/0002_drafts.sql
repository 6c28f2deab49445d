-- Requests while they are written. Only the writer sees one.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    request_id TEXT REFERENCES requests (id),
    made_by TEXT NOT NULL,
    contents TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (person_id, made_by)
);
CREATE INDEX drafts_by_person ON drafts (person_id, saved_at);
CREATE INDEX drafts_by_request ON drafts (request_id);
CREATE INDEX drafts_by_age ON drafts (saved_at) WHERE ended_at IS NULL;

-- Names that somebody pastes are looked up without their database; what was meant begins with the same letters.
CREATE INDEX tables_by_name ON tables (lower(table_name));
CREATE INDEX tables_by_start ON tables (substr(lower(table_name), 1, 3));
-- Names in the lake that differ only in case are the same.
CREATE INDEX items_by_folded_target ON items (route_id, lower(target_database), lower(target_table));

-- What was asked before a request that was sent back was changed.
CREATE TABLE revisions (
    request_id TEXT NOT NULL REFERENCES requests (id),
    version BIGINT NOT NULL,
    asked TEXT NOT NULL,
    hash TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, version)
);
