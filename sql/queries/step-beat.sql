-- Says that a leader lives.
-- $1 text: the step; $2 bigint: its number
-- -> one row while it leads
UPDATE step SET beats = beats + 1 WHERE name = $1 AND fence = $2::bigint RETURNING name
