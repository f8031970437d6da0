-- What was changed about our schema past the program; of catalogues alone.
-- -> code text, detail text: one row a fault
SELECT 'index_broken' AS code, c.relname::text AS detail
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT (i.indisvalid AND i.indisready)
UNION ALL
SELECT 'rows_unguarded', c.relname::text
FROM pg_class c
JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'agency_id' AND NOT t.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
  AND c.relname NOT IN ('agency', 'api_key')
  AND has_table_privilege('patbridge_service', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
UNION ALL
SELECT 'ledger_open', format('%s may %s %s', r.rolname, lower(p.privilege), c.relname)
FROM pg_class c
CROSS JOIN (SELECT rolname FROM pg_roles WHERE rolname IN ('patbridge_service', 'patbridge_across', 'patbridge_readonly', 'patbridge_signin')) r
CROSS JOIN (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) p (privilege)
WHERE c.relnamespace = 'public'::regnamespace
  AND c.relname IN ('ledger', 'ledger_row', 'ledger_pack', 'snapshot', 'snapshot_line', 'snapshot_block', 'snapshot_stamp', 'decision')
  AND has_table_privilege(r.rolname, c.oid, p.privilege)
UNION ALL
SELECT 'password_open', format('%s may read %s', r.rolname, c.relname)
FROM pg_class c
CROSS JOIN (SELECT rolname FROM pg_roles WHERE rolname IN ('patbridge_service', 'patbridge_across', 'patbridge_readonly')) r
WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('credential', 'session', 'signin_attempt', 'signin_link')
  AND has_any_column_privilege(r.rolname, c.oid, 'SELECT, INSERT, UPDATE')
UNION ALL
SELECT 'constraint_off', format('%s of %s', conname, conrelid::regclass)
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND NOT convalidated
UNION ALL
SELECT 'never_analyzed', string_agg(relname, ', ' ORDER BY relname)
FROM pg_stat_user_tables
WHERE n_live_tup > 50000 AND last_analyze IS NULL AND last_autoanalyze IS NULL
HAVING count(*) > 0
