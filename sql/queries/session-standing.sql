-- A name for all that is committed: while it stays the same, nothing was. A transaction that changes something has a number, and its
-- end changes the snapshot. Null on Citus, where rows change on other machines.
-- -> text
SELECT CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN NULL ELSE pg_current_snapshot()::text END
