-- Adds an account; a name that was ever used is not given again.
-- $1 text: name; $2 text: role; $3 int: agency, 0 for none; $4 timestamptz: now; $5 boolean: made up; $6 bigint: enterprise, 0 for none
-- -> one row when it is new
INSERT INTO account (name, role, agency_id, created_at, invented, enterprise_id)
VALUES ($1, $2, nullif($3::int, 0), $4::timestamptz, $5::boolean, nullif($6::bigint, 0))
ON CONFLICT (name) DO NOTHING
RETURNING name
