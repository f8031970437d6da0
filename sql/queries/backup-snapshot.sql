-- Gives this transaction's snapshot to others.
-- -> text
SELECT pg_export_snapshot()
