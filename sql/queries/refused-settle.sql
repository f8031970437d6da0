-- A refused row waits no longer.
-- $1 bigint: the batch; $2 bigint: its place; $3 timestamptz: now; $4 text: who; $5 bigint: the batch by which it came in, or null
UPDATE refused_row SET settled_at = $3::timestamptz, settled_by = $4::text, settled_batch = $5::bigint
WHERE batch_id = $1::bigint AND place = $2::bigint AND settled_at IS NULL
