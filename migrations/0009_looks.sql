-- Who has the card of a request open just now; each look runs out by itself.
CREATE TABLE looks (
    request_id TEXT NOT NULL REFERENCES requests (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    until BIGINT NOT NULL,
    PRIMARY KEY (request_id, person_id)
);
-- How the same table was decided about before.
CREATE INDEX items_by_table ON items (source_id, database_name, table_name);
