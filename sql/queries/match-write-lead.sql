-- Proposes the staged leads. What a person has decided on, or what was pushed, stays as it is; a lead that would be the same
-- again is not touched. The score may be the same and what is said of it not: a class has a title once the scheme is loaded.
-- -> patent_id bigint, one row a lead proposed or weighed anew
INSERT INTO lead AS l SELECT * FROM stage_lead
ON CONFLICT (patent_id, need_id) DO UPDATE SET
    score = excluded.score, fit = excluded.fit, probability = excluded.probability, rank = excluded.rank,
    reasons = excluded.reasons, certainty = excluded.certainty, aspects = excluded.aspects, twins = excluded.twins, model = excluded.model, state = 'proposed', change_seq = excluded.change_seq,
    proposed_at = excluded.proposed_at
WHERE l.state IN ('proposed', 'superseded')
  AND (l.score, l.rank, l.model, l.state, l.twins, l.reasons, l.aspects)
      IS DISTINCT FROM (excluded.score, excluded.rank, excluded.model, 'proposed', excluded.twins, excluded.reasons, excluded.aspects)
RETURNING l.patent_id
