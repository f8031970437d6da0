-- One patent as stored.
-- $1 text: a number in normal form; $2 int: the agency whose words are shown, 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(p) || jsonb_build_object('extra', coalesce(h.extra, '{}') - '_from', 'held_since', h.held_since) AS record,
       jsonb_build_object(
           'legal_status', (SELECT coalesce(jsonb_agg(jsonb_build_object('date', s.status_date, 'status', s.status,
                                'recorded_at', s.recorded_at) ORDER BY s.status_date NULLS FIRST, s.recorded_at), '[]')
                            FROM patent_status s WHERE s.patent_id = p.patent_id),
           'versions', (SELECT coalesce(jsonb_agg(jsonb_build_object('recorded_at', v.recorded_at, 'superseded_at',
                                v.superseded_at) ORDER BY v.recorded_at), '[]')
                        FROM patent_version v WHERE v.patent_id = p.patent_id)) AS history,
       jsonb_build_object(
           'numbers', (SELECT jsonb_agg(a.number ORDER BY a.number) FROM patent_alias a WHERE a.patent_id = p.patent_id),
           'merged', (SELECT coalesce(jsonb_agg(m.patent_id::text), '[]') FROM patent m WHERE m.merged_into = p.patent_id),
           'family', (SELECT coalesce(jsonb_agg(DISTINCT coalesce(f.publication_number, f.application_number)), '[]')
                      FROM patent f -- that has a name in common with it, names it, or is named by it
                      WHERE f.patent_id <> p.patent_id AND f.merged_into IS NULL
                          AND (f.family && (coalesce(p.family, '{}') || p.publication_number::text || p.application_number::text
                                   || ARRAY(SELECT a.number FROM patent_alias a WHERE a.patent_id = p.patent_id))
                               OR f.patent_id IN (SELECT a.patent_id FROM unnest(p.family) m (name)
                                                  JOIN patent_alias a ON a.number = split_part(m.name, '.', 1)))),
           'leads', (SELECT count(*) FROM lead l WHERE l.patent_id = p.patent_id),
           'pushes', (SELECT count(*) FROM push u WHERE u.patent_id = p.patent_id)) AS links
FROM patent_alias n
JOIN patent p ON p.patent_id = n.patent_id
LEFT JOIN patent_holding h ON h.patent_id = p.patent_id AND h.agency_id = $2::int AND h.superseded_at IS NULL
WHERE n.number = $1
