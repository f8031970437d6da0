-- The needs that a batch has brought or changed.
-- $1 int: the agency; $2 bigint: the batch; $3 int: at most
-- -> source_id, title, text, need_id bigint
SELECT source_id, title, text, need_id FROM need WHERE agency_id = $1::int AND batch_id = $2::bigint ORDER BY need_id LIMIT $3::int
