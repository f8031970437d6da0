-- Accepts every proposed lead from a fit on.
-- $1 int: the agency, 0 for every one; $2 float8: the fit; $3 timestamptz: now; $4 text: who; $5 text: why; $6 bigint: change_seq
-- -> one row a lead accepted now
UPDATE lead
SET state = 'accepted', decided_at = $3::timestamptz, decided_by = $4::text, decision_reason = $5::text,
    change_seq = $6::bigint
WHERE ($1::int = 0 OR agency_id = $1::int) AND state = 'proposed' AND fit >= $2::float8
RETURNING patent_id
