-- The lead rows of a merged patent follow it. Where both patents have a lead for one need, the one that has come further stays.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO lead AS k (
    patent_id, need_id, agency_id, score, fit, probability, rank, reasons, model, state,
    change_seq, proposed_at, decided_at, decided_by, decision_reason, twins, certainty, aspects)
SELECT
    $1::bigint, need_id, agency_id, score, fit, probability, rank, reasons, model, state,
    change_seq, proposed_at, decided_at, decided_by, decision_reason, twins, certainty, aspects
FROM lead WHERE patent_id = $2::bigint
ON CONFLICT (patent_id, need_id) DO UPDATE SET
    score = excluded.score, fit = excluded.fit, probability = excluded.probability, rank = excluded.rank,
    reasons = excluded.reasons, model = excluded.model, state = excluded.state, change_seq = excluded.change_seq,
    proposed_at = excluded.proposed_at, decided_at = excluded.decided_at, decided_by = excluded.decided_by,
    decision_reason = excluded.decision_reason, twins = excluded.twins, certainty = excluded.certainty, aspects = excluded.aspects
WHERE array_position('{superseded,proposed,rejected,accepted,pushed}'::text[], excluded.state)
    > array_position('{superseded,proposed,rejected,accepted,pushed}'::text[], k.state)
