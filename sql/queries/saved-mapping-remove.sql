-- Forgets a mapping.
-- $1 int: agency; $2 text: kind; $3 text: name
-- -> one row when it was there
DELETE FROM saved_mapping WHERE agency_id = $1::int AND kind = $2 AND name = $3 RETURNING name
