-- How far a batch has come.
-- $1 bigint: batch; $2 bigint: last line; $3…$8 bigint: read, new, changed, same, refused, skipped; $9 timestamptz or null: finished
UPDATE load_batch SET last_line = $2::bigint, read = $3::bigint, new = $4::bigint, changed = $5::bigint,
    same = $6::bigint, refused = $7::bigint, skipped = $8::bigint, finished_at = $9::timestamptz
WHERE batch_id = $1::bigint
