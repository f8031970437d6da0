-- Forgets sets of rows that are older than an hour, and their rows.
-- $1 timestamptz: now
-- -> one row a row that is gone
WITH old AS (DELETE FROM track_rows s WHERE s.kept_at < $1::timestamptz - interval '1 hour' RETURNING s.rows_id)
DELETE FROM track_row r USING old o WHERE r.rows_id = o.rows_id
RETURNING 1 AS gone
