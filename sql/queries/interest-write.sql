-- Keeps what was learned, as the agency's next version.
-- $1 int: the agency; $2 timestamptz: now; $3 jsonb: body
-- -> version bigint
INSERT INTO interest_model (agency_id, version, trained_at, body)
SELECT $1::int, 1 + coalesce(max(version), 0), $2::timestamptz, $3::jsonb FROM interest_model WHERE agency_id = $1::int
RETURNING version::bigint
