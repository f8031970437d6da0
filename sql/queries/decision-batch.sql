-- What a batch is.
-- $1 bigint: the batch
-- -> kind text, agency_id int
SELECT kind, agency_id FROM load_batch WHERE batch_id = $1::bigint
