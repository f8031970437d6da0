-- Records that a migration (or the set of views) ran.
-- $1 text: its name; $2 text: SHA-256 of its text
INSERT INTO schema_migration (name, digest) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, applied_at = excluded.applied_at
