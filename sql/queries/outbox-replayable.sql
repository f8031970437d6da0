-- What can be put back: these rows, or all that were made since a moment, dead letters and those that arrived alike.
-- $1 int: the agency, 0 for every one; $2 bigint[]: these rows, or null; $3 timestamptz: all since then, or null
-- -> outbox_id, push_id, patent_id, agency_id, enterprise_id, channel
SELECT outbox_id, push_id, patent_id, agency_id, enterprise_id, channel
FROM outbox
WHERE state IN ('dead', 'done') AND ($1::int = 0 OR agency_id = $1::int)
  AND ($2::bigint[] IS NULL OR outbox_id = ANY ($2::bigint[])) AND ($3::timestamptz IS NULL OR created_at >= $3::timestamptz)
ORDER BY outbox_id
