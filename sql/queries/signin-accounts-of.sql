-- An account of an enterprise with an agency that is not removed.
-- $1 int: agency; $2 bigint: enterprise
-- -> name
SELECT name FROM account WHERE agency_id = $1::int AND enterprise_id = $2::bigint AND removed_at IS NULL ORDER BY created_at LIMIT 1
