-- The functions of the schema, but those of extensions.
-- -> name text, body text
SELECT p.oid::regprocedure::text AS name, coalesce(p.prosrc, '') AS body
FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
