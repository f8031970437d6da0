-- The batch of this very file that was left unfinished, or a new one.
-- $1 int or null: agency; $2 text: kind; $3 text: file; $4 text: digest; $5 timestamptz: now
-- -> batch_id bigint (as batch_id), last_line, read, new, changed, same, refused, skipped bigint
WITH left_over AS (
    SELECT * FROM load_batch
    WHERE agency_id IS NOT DISTINCT FROM $1::int AND kind = $2 AND file_digest = $4 AND finished_at IS NULL
), made AS (
    INSERT INTO load_batch (batch_id, agency_id, kind, file, file_digest, started_at)
    SELECT nextval('record_id'), $1::int, $2, $3, $4, $5::timestamptz
    WHERE NOT EXISTS (SELECT 1 FROM left_over)
    RETURNING *
)
SELECT batch_id, last_line, read, new, changed, same, refused, skipped FROM left_over
UNION ALL
SELECT batch_id, last_line, read, new, changed, same, refused, skipped FROM made
