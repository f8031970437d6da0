-- The state of the database that this transaction sees.
-- -> snapshot text
SELECT pg_current_snapshot()::text AS snapshot
