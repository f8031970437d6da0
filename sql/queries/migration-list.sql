-- What has run here.
-- -> name text, digest text
SELECT name, digest FROM schema_migration ORDER BY name
