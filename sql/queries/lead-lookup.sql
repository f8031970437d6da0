-- Some leads by their ids, each as the text of its answer.
-- $1 bigint[]: patents; $2 bigint[]: needs, beside them
-- -> place int: which of them, from 1; document text: JSON
SELECT w.place, json_build_object(
           'lead', l.patent_id::text || '-' || l.need_id::text, 'state', l.state, 'rank', l.rank, 'score', l.score, 'fit', l.fit,
           'probability', l.probability, 'probability_basis', coalesce(l.certainty ->> 'basis', 'prior, not learned'),
           'certainty', l.certainty, 'aspects', l.aspects, 'twins', (SELECT jsonb_agg(coalesce(t.application_number, t.publication_number) ORDER BY w.place)
        FROM jsonb_array_elements_text(l.twins) WITH ORDINALITY w (patent_id, place)
        JOIN patent t ON t.patent_id = w.patent_id::bigint),
           'model', l.model, 'reasons', l.reasons,
           'patent', coalesce(p.application_number, p.publication_number), 'patent_title', p.title, 'patent_type', p.type,
           'legal_status', p.legal_status, 'need', n.source_id, 'need_id', n.need_id::text, 'need_title', n.title,
           'enterprise_uscc', e.uscc, 'enterprise', e.name, 'agency', a.code, 'proposed_at', l.proposed_at,
           'decided_at', l.decided_at, 'decided_by', l.decided_by, 'decision_reason', l.decision_reason,
           'invented', p.invented OR n.invented OR e.invented)::text AS document
FROM ROWS FROM (unnest($1::bigint[]), unnest($2::bigint[])) WITH ORDINALITY AS w (patent_id, need_id, place)
JOIN lead l ON l.patent_id = w.patent_id AND l.need_id = w.need_id
JOIN patent p ON p.patent_id = l.patent_id
JOIN need n ON n.need_id = l.need_id
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
JOIN agency a ON a.agency_id = l.agency_id
