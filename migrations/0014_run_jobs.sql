-- The id that an engine drew for a run by itself: StreamPark's console takes none of ours.
ALTER TABLE runs ADD COLUMN engine_id TEXT;
