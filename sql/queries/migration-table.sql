-- The list of migrations that ran in this database.
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
