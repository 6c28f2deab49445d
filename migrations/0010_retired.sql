-- Since when nothing new is taken from a source, and who said so.
ALTER TABLE sources ADD COLUMN retired_at BIGINT;
ALTER TABLE sources ADD COLUMN retired_by TEXT REFERENCES people (id);
