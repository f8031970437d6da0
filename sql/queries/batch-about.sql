-- A batch, for taking it back.
-- $1 bigint: the batch
-- -> agency_id int (null: agencies themselves), kind, file text, finished boolean, undone boolean
SELECT b.agency_id, b.kind, b.file, b.finished_at IS NOT NULL AS finished,
       EXISTS (SELECT 1 FROM batch_undo u WHERE u.batch_id = b.batch_id AND u.kept = 0) AS undone
FROM load_batch b WHERE b.batch_id = $1::bigint
