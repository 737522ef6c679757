-- Of a temporary key: the key that made it, without which it does not count; '' for those that were
-- made before this was kept.
ALTER TABLE credential ADD COLUMN maker TEXT NOT NULL DEFAULT '';
