-- A person's decision on one lead, where its state allows it.
-- $1 bigint: patent; $2 bigint: need; $3 text: the new state; $4 text[]: the states it may come from; $5 timestamptz: now;
-- $6 text: who; $7 text: why, '' for not said; $8 bigint: change_seq; $9 int: for how many seconds it may be taken back
-- -> one row when it was decided now
UPDATE lead
SET state = $3::text, decided_at = $5::timestamptz, decided_by = $6::text, decision_reason = nullif($7::text, ''),
    change_seq = $8::bigint, held_until = CASE WHEN $9::int > 0 THEN $5::timestamptz + make_interval(secs => $9::int) END
WHERE patent_id = $1::bigint AND need_id = $2::bigint AND state = ANY ($4::text[])
RETURNING patent_id
