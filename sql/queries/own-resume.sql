-- An enterprise that said stop wants an agency's pushes again: where a stop still holds.
-- $1 int: the agency; $2 bigint: the enterprise; $3 timestamptz: now; $4 text: by whom
-- -> one row, or none: nothing was stopped
INSERT INTO resumed (agency_id, enterprise_id, at, resumed_by)
SELECT $1::int, $2::bigint, $3::timestamptz, $4
WHERE EXISTS (SELECT FROM standing_stop s WHERE s.agency_id = $1::int AND s.enterprise_id = $2::bigint)
RETURNING at
