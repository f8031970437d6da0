-- A name under which other sessions can see the state of the database that this transaction sees.
-- -> state text
SELECT pg_export_snapshot() AS state
