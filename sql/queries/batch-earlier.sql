-- The last load of this very file that has ended and was not taken back.
-- $1 int or null: agency; $2 text: kind; $3 text: digest
-- -> batch_id bigint (none: no row), started_at timestamptz
SELECT batch_id, started_at FROM load_batch b
WHERE agency_id IS NOT DISTINCT FROM $1::int AND kind = $2 AND file_digest = $3 AND finished_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM batch_undo u WHERE u.batch_id = b.batch_id)
ORDER BY finished_at DESC, batch_id DESC
LIMIT 1
