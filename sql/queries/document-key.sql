-- The key under which decisions and papers of a record are kept.
-- $1 text: kind; $2 int: agency; $3 text: a key by which it is found
-- -> key text, one row or none
SELECT DISTINCT d.key FROM decidable($1::text, $2::int) d WHERE d.lookup = $3
