-- Gives a worker's number back.
-- $1 int: the number
SELECT pg_advisory_unlock(hashtext('patbridge.worker'), $1::int)
