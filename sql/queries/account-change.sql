-- Gives an account another role, or puts it out of use and back.
-- $1 text: name; $2 int: whose it must be, 0 for anybody's; $3 text or null: role; $4 int: its agency then, 0 for none;
-- $5 bigint: its enterprise then, 0 for none; $6 timestamptz or null: out of use since; $7 boolean: the one before is meant
-- -> one row when there was one
UPDATE account
SET role = coalesce($3, role),
    agency_id = CASE WHEN $3::text IS NULL THEN agency_id ELSE nullif($4::int, 0) END,
    enterprise_id = CASE WHEN $3::text IS NULL THEN enterprise_id ELSE nullif($5::bigint, 0) END,
    disabled_at = CASE WHEN NOT $7::boolean THEN disabled_at WHEN $6::timestamptz IS NULL THEN NULL
                       ELSE coalesce(disabled_at, $6::timestamptz) END
WHERE name = $1 AND removed_at IS NULL AND ($2::int = 0 OR agency_id = $2::int)
RETURNING name
