-- What a route says of names, limits and who answers for it.
ALTER TABLE routes ADD COLUMN target_database TEXT NOT NULL DEFAULT 'ods_{database}';
ALTER TABLE routes ADD COLUMN target_table TEXT NOT NULL DEFAULT '{table}';
ALTER TABLE routes ADD COLUMN most_tables BIGINT;
ALTER TABLE routes ADD COLUMN most_bytes BIGINT;
ALTER TABLE routes ADD COLUMN owner_id TEXT REFERENCES people (id);
ALTER TABLE routes ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE routes ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
