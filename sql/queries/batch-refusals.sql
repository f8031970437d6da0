-- What a batch refused so far.
-- $1 bigint: the batch
-- -> line, place bigint, sheet text, column text, value text, code text, reason text, reason_zh text
SELECT line, place, sheet, "column", value, code, reason, reason_zh FROM refused_row WHERE batch_id = $1::bigint
