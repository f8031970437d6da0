-- The record that a key leads to.
-- $1 text: kind; $2 int: agency; $3 text: key
-- -> record_id text, one row or none
SELECT DISTINCT d.record_id::text AS record_id FROM decidable($1::text, $2::int) d WHERE d.lookup = $3 AND d.record_id IS NOT NULL
