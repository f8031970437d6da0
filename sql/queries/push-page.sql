-- Pushes, newest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 bigint: the enterprise, 0 for every one; $3 text: its credit code, '' for every one;
-- $4 uuid or null: this one alone; $5 timestamptz, $6 uuid: creation and id of the last one seen, or nulls; $7 int: how many
-- -> push_id, lead text, patent, patent_title, need, enterprise, agency, score, fit, probability, threshold, model, reasons, created_at,
--    invented, events: [{channel, event, at}]
SELECT u.push_id, u.patent_id::text || '-' || u.need_id::text AS lead, coalesce(p.application_number, p.publication_number) AS patent,
       p.title AS patent_title, p.abstract AS patent_abstract, n.source_id AS need, n.title AS need_title, e.uscc AS enterprise_uscc,
       e.name AS enterprise, a.code AS agency, u.score, u.fit, u.probability, u.threshold, u.model, u.reasons, u.created_at, u.invented,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('channel', v.channel, 'event', v.event, 'at', v.at) ORDER BY v.at, v.channel, v.event), '[]')
        FROM push_event v WHERE v.patent_id = u.patent_id AND v.push_id = u.push_id) AS events
FROM push u
JOIN patent p ON p.patent_id = u.patent_id
JOIN need n ON n.need_id = u.need_id
JOIN enterprise e ON e.enterprise_id = u.enterprise_id
JOIN agency a ON a.agency_id = u.agency_id
WHERE ($1::int = 0 OR u.agency_id = $1::int)
  AND ($2::bigint = 0 OR u.enterprise_id = $2::bigint)
  AND ($3::text = '' OR e.uscc = $3::text)
  AND ($4::uuid IS NULL OR u.push_id = $4::uuid)
  AND ($5::timestamptz IS NULL OR (u.created_at, u.push_id) < ($5::timestamptz, $6::uuid))
ORDER BY u.created_at DESC, u.push_id DESC
LIMIT $7::int
