-- Ends the session that holds a step's lock, if its leader has given no sign since.
-- $1 text: the step; $2 bigint: the leader's number; $3 bigint: its last sign
-- -> ended boolean, one row a session
SELECT pg_terminate_backend(l.pid) AS ended
FROM step s
JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND l.classid = (hashtext('patbridge.step')::bigint & 4294967295)::oid
               AND l.objid = (hashtext(s.name)::bigint & 4294967295)::oid
WHERE s.name = $1 AND s.fence = $2::bigint AND s.beats = $3::bigint
