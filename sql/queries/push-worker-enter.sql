-- Holds a worker's number for as long as its session lives: what a dead worker had leased is free at once.
-- $1 int: the number
SELECT pg_advisory_lock(hashtext('patbridge.worker'), $1::int)
