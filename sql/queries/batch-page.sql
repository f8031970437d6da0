-- Loads, the latest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 text: kind, '' for every one; $3 bigint: this one alone, 0 for all; $4 bigint or null:
-- the last one seen; $5 int: how many
-- -> batch_id, agency, kind, file, started_at, finished_at, read, new, changed, same, refused, skipped, undone_at, undone_by,
--    waiting: refused rows that still wait to be mended
SELECT b.batch_id, a.code AS agency, b.kind, b.file, b.started_at, b.finished_at, b.read, b.new, b.changed, b.same, b.refused,
       b.skipped, u.undone_at, u.undone_by,
       CASE WHEN b.refused > 0 THEN (SELECT count(*) FROM refused_waiting w WHERE w.batch_id = b.batch_id) ELSE 0 END AS waiting
FROM load_batch b
LEFT JOIN agency a ON a.agency_id = b.agency_id
LEFT JOIN (
    SELECT DISTINCT ON (batch_id) batch_id, undone_at, undone_by FROM batch_undo ORDER BY batch_id, undone_at DESC
) u ON u.batch_id = b.batch_id
WHERE ($1::int = 0 OR b.agency_id = $1::int)
  AND ($2::text = '' OR b.kind = $2::text)
  AND ($3::bigint = 0 OR b.batch_id = $3::bigint)
  AND ($4::bigint IS NULL OR b.batch_id < $4::bigint)
ORDER BY b.batch_id DESC
LIMIT $5::int
