-- Decisions on records that wait for a second official: proposed, with no decision on the record since; the latest first.
-- $1 int: the agency, 0 for every one
-- -> proposal_id bigint, agency, kind, key, verdict, proposed_by, reason text, effective date, proposed_at text
SELECT p.proposal_id, a.code AS agency, p.kind, p.key, p.verdict, p.proposed_by, p.reason, p.effective,
       to_char(p.proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS proposed_at
FROM proposal p JOIN agency a ON a.agency_id = p.agency_id
WHERE ($1::int = 0 OR p.agency_id = $1::int)
  AND NOT EXISTS (SELECT FROM decision d WHERE d.agency_id = p.agency_id AND d.kind = p.kind AND d.key = p.key
                      AND d.decided_at > p.proposed_at)
  AND NOT EXISTS (SELECT FROM proposal q WHERE q.agency_id = p.agency_id AND q.kind = p.kind AND q.key = p.key
                      AND q.verdict = p.verdict AND q.effective = p.effective AND q.proposed_by = p.proposed_by
                      AND q.proposal_id > p.proposal_id)
ORDER BY p.proposal_id DESC
