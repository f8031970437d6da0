-- How many proposed leads there are from a probability on.
-- $1 int: the agency, 0 for every one; $2 float8: the probability
-- -> bigint
SELECT count(*) FROM lead
WHERE ($1::int = 0 OR agency_id = $1::int) AND state = 'proposed' AND probability >= $2::float8
