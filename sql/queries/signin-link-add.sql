-- An invitation.
-- $1 text: link; $2 int: agency; $3 bigint: enterprise; $4 text: made by; $5 timestamptz: now; $6 int: seconds until it ends
-- -> ends_at
INSERT INTO signin_link (link, agency_id, enterprise_id, made_by, made_at, ends_at)
VALUES ($1, $2::int, $3::bigint, $4, $5::timestamptz, $5::timestamptz + make_interval(secs => $6::int))
RETURNING ends_at
