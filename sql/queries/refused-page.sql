-- Rows that a load refused, in the order of the file, after a place in that order.
-- $1 bigint: the batch; $2 bigint or null: the last place seen; $3 int: how many
-- -> place, line, sheet, column, value, code, reason, reason_zh, record jsonb, settled_at, settled_by, settled_batch (null: it was set aside)
SELECT place, line, sheet, "column", value, code, reason, reason_zh, record, settled_at, settled_by, settled_batch
FROM refused_row
WHERE batch_id = $1::bigint AND ($2::bigint IS NULL OR place > $2::bigint)
ORDER BY place
LIMIT $3::int
