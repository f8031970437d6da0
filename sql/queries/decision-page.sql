-- Officials' decisions, newest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 text: kind, '' for every one; $3 bigint or null: the last one seen; $4 int: how many;
-- $5 text: a record's key, '' for every one; a patent's also with its check character
-- -> decision_id, agency, kind, key, verdict, decided_by, reason, effective, decided_at ("2026-03-01T08:00:00.123456Z"), invented
SELECT d.decision_id, a.code AS agency, d.kind, d.key, d.verdict, d.decided_by, d.reason, d.effective,
       to_char(d.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS decided_at, d.invented
FROM decision d
JOIN agency a ON a.agency_id = d.agency_id
WHERE ($1::int = 0 OR d.agency_id = $1::int)
  AND ($2::text = '' OR d.kind = $2::text)
  AND ($5::text = '' OR d.key = $5::text OR (d.kind IN ('patent', 'open_licence') AND d.key = split_part($5::text, '.', 1)))
  AND ($3::bigint IS NULL OR d.decision_id < $3::bigint)
ORDER BY d.decision_id DESC
LIMIT $4::int
