-- One matching of an agency at a time; held until match-unlock or the session's end.
-- $1 int: the agency
SELECT pg_advisory_lock(hashtext('patbridge.match'), $1::int)
