-- Releases match-lock.
-- $1 int: the agency
SELECT pg_advisory_unlock(hashtext('patbridge.match'), $1::int)
