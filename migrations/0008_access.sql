-- An item brings its table, or reads what another item brings: then nothing is copied again.
ALTER TABLE items ADD COLUMN kind TEXT NOT NULL DEFAULT 'bring';
ALTER TABLE items ADD COLUMN reads_item TEXT REFERENCES items (id);

-- Of one (source, table, route) at most one item lives that brings it; of one person at most one that reads it.
DROP INDEX items_alive;
DROP INDEX items_target;
CREATE UNIQUE INDEX items_alive ON items (source_id, database_name, table_name, route_id)
    WHERE alive = 1 AND kind = 'bring';
CREATE UNIQUE INDEX items_target ON items (route_id, target_database, target_table) WHERE alive = 1 AND kind = 'bring';
CREATE UNIQUE INDEX items_reading ON items (source_id, database_name, table_name, route_id, requester_id)
    WHERE alive = 1 AND kind = 'read';
CREATE INDEX items_by_read ON items (reads_item);
