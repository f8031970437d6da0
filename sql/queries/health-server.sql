-- What is wrong with the server, whether it has our schema or not.
-- $1 int: seconds that a transaction may take
-- -> code text, detail text: one row a fault
SELECT 'server_old' AS code, current_setting('server_version') AS detail WHERE current_setting('server_version_num')::int < 150000
UNION ALL
SELECT 'encoding', pg_encoding_to_char(encoding) FROM pg_database
WHERE datname = current_database() AND pg_encoding_to_char(encoding) <> 'UTF8'
UNION ALL
SELECT 'read_only', CASE WHEN pg_is_in_recovery() THEN 'a standby' ELSE 'default_transaction_read_only is on' END
WHERE pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'
UNION ALL
SELECT 'not_durable', string_agg(s.name || ' is off', ', ' ORDER BY s.name)
FROM (VALUES ('fsync'), ('full_page_writes'), ('synchronous_commit')) s (name)
WHERE current_setting(s.name) = 'off'
HAVING count(*) > 0
UNION ALL
SELECT 'autovacuum_off', 'autovacuum is off' WHERE current_setting('autovacuum') = 'off' OR current_setting('track_counts') = 'off'
UNION ALL
SELECT 'connections_few', format('%s of %s are in use', a.used, m.most)
FROM (SELECT count(*) AS used FROM pg_stat_activity WHERE backend_type = 'client backend') a,
     (SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most) m
WHERE a.used >= m.most * .9
UNION ALL
SELECT 'transaction_long', format('process %s of %s has had one open since %s (%s)', pid, coalesce(usename, '?'),
                                  to_char(xact_start, 'YYYY-MM-DD HH24:MI:SS'), state)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - make_interval(secs => $1::int)
  AND backend_type = 'client backend'
UNION ALL
SELECT 'prepared_left', format('%s, since %s', gid, to_char(prepared, 'YYYY-MM-DD HH24:MI:SS'))
FROM pg_prepared_xacts
WHERE database = current_database() AND prepared < now() - make_interval(secs => $1::int)
UNION ALL
SELECT 'wraparound_near', format('the oldest row is %s transactions old', age(datfrozenxid))
FROM pg_database WHERE datname = current_database() AND age(datfrozenxid) > 1000000000
UNION ALL
SELECT 'zone_missing', 'Asia/Shanghai' WHERE NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = 'Asia/Shanghai')
UNION ALL
SELECT 'role_missing', string_agg(r.name, ', ' ORDER BY r.name)
FROM (VALUES ('patbridge_owner'), ('patbridge_service'), ('patbridge_across'), ('patbridge_readonly'), ('patbridge_signin')) r (name)
WHERE to_regclass('public.schema_migration') IS NOT NULL AND NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.name)
HAVING count(*) > 0
UNION ALL
SELECT 'role_not_ours', format('%s is no member of %s', current_user, string_agg(rolname, ', ' ORDER BY rolname))
FROM pg_roles
WHERE rolname IN ('patbridge_owner', 'patbridge_service', 'patbridge_across', 'patbridge_readonly', 'patbridge_signin')
  AND NOT pg_has_role(current_user, oid, 'MEMBER')
HAVING count(*) > 0
UNION ALL
SELECT 'role_strong', format('%s: %s', rolname, CASE WHEN rolsuper THEN 'superuser' ELSE 'bypasses row-level security' END)
FROM pg_roles
WHERE rolname IN ('patbridge_service', 'patbridge_across', 'patbridge_readonly', 'patbridge_signin') AND (rolsuper OR rolbypassrls)
