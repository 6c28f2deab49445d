-- What is said of a source beside its place, and what its last test found. Empty read_every is as the settings say.
ALTER TABLE sources ADD COLUMN administrator TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN read_every BIGINT;
ALTER TABLE sources ADD COLUMN tested_at BIGINT;
ALTER TABLE sources ADD COLUMN findings TEXT;
ALTER TABLE sources ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
