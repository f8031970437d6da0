-- Papers, in the order of attaching.
-- $1 int: agency, 0 for every one; $2 text: kind, or null for all; $3 text: key, or null for all
-- -> agency, kind, key, paper, name, sha256 text, size bigint, attached_by, attached_at text
SELECT a.code AS agency, d.kind, d.key, d.paper, d.name, d.sha256, d.size, d.attached_by,
       to_char(d.attached_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS attached_at
FROM document d JOIN agency a ON a.agency_id = d.agency_id
WHERE ($1::int = 0 OR d.agency_id = $1::int) AND ($2::text IS NULL OR d.kind = $2::text) AND ($3::text IS NULL OR d.key = $3::text)
ORDER BY d.document_id
