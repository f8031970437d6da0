-- One lead as it stands.
-- $1 bigint: patent; $2 bigint: need
-- -> patent_id, need_id, agency_id, state, decided_by, decided_at, decision_reason, held_until
SELECT patent_id, need_id, agency_id, state, decided_by, decided_at, decision_reason, held_until
FROM lead WHERE patent_id = $1::bigint AND need_id = $2::bigint
