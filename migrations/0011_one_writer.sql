-- One table of the lake has one writer, whatever route leads there. Empty is the warehouse of the settings.
ALTER TABLE items ADD COLUMN warehouse TEXT NOT NULL DEFAULT '';

-- What two routes brought under one name before is kept apart by the later one's id: it goes on as it did, and nobody else
-- gets the name.
UPDATE items SET warehouse = 'before/' || id WHERE alive = 1 AND kind = 'bring' AND EXISTS (
    SELECT 1 FROM items AS o WHERE o.alive = 1 AND o.kind = 'bring' AND o.id < items.id
        AND lower(o.target_database) = lower(items.target_database) AND lower(o.target_table) = lower(items.target_table));

DROP INDEX items_target;
DROP INDEX items_by_folded_target;
CREATE UNIQUE INDEX items_target ON items (lower(target_database), lower(target_table), warehouse)
    WHERE alive = 1 AND kind = 'bring';
