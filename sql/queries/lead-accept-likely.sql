-- Accepts every proposed lead from a probability on.
-- $1 int: the agency, 0 for every one; $2 float8: the probability; $3 timestamptz: now; $4 text: who; $5 text: why;
-- $6 bigint: change_seq; $7 int: for how many seconds it may be taken back
-- -> one row a lead accepted now
UPDATE lead
SET state = 'accepted', decided_at = $3::timestamptz, decided_by = $4::text, decision_reason = nullif($5::text, ''),
    change_seq = $6::bigint, held_until = CASE WHEN $7::int > 0 THEN $3::timestamptz + make_interval(secs => $7::int) END
WHERE ($1::int = 0 OR agency_id = $1::int) AND state = 'proposed' AND probability >= $2::float8
RETURNING patent_id
