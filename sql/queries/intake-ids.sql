-- Draws ids for new records.
-- $1 int: how many
-- -> id bigint
SELECT nextval('record_id') AS id FROM generate_series(1, $1::int)
