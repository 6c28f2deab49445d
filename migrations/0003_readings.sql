-- How the catalogue of each source is read: one reading at a time, in pages that are kept aside until all are there.

CREATE TABLE readings (
    source_id TEXT PRIMARY KEY REFERENCES sources (id),
    -- Somebody wants it read now.
    wanted_at BIGINT,
    wanted_by TEXT,
    -- The reading under way; one that died leaves it standing.
    begun_at BIGINT,
    seen BIGINT NOT NULL,
    -- When the last one ended, well or not; and the last that met anything new.
    ended_at BIGINT,
    changed_at BIGINT
);

-- Pages of the reading under way. Of a table that is as before, only the name.
CREATE TABLE tables_read (
    source_id TEXT NOT NULL REFERENCES sources (id),
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    fate TEXT NOT NULL,
    difference TEXT,
    comment TEXT,
    columns TEXT,
    primary_key TEXT,
    row_estimate BIGINT,
    byte_estimate BIGINT,
    PRIMARY KEY (source_id, database_name, table_name)
);

-- What appeared, changed, vanished, by the reading that met it.
CREATE TABLE table_changes (
    source_id TEXT NOT NULL REFERENCES sources (id),
    at BIGINT NOT NULL,
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    difference TEXT NOT NULL,
    PRIMARY KEY (source_id, at, database_name, table_name)
);

-- Counts without a look at the tables themselves, which are wide.
CREATE INDEX tables_alive ON tables (source_id, gone_at);
