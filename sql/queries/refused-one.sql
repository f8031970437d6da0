-- One refused row.
-- $1 bigint: the batch; $2 bigint: its place
-- -> kind text, record jsonb, settled_at
SELECT b.kind, r.record, r.settled_at
FROM refused_row r JOIN load_batch b ON b.batch_id = r.batch_id
WHERE r.batch_id = $1::bigint AND r.place = $2::bigint
