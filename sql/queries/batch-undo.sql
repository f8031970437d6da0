-- Takes back what a batch brought.
-- $1 text: kind; $2 int: agency; $3 bigint: the batch; $4 timestamptz: the moment; $5 bigint: the change
-- -> record_id bigint, name, outcome (withdrawn, restored, kept), why text
SELECT record_id, name, outcome, why FROM undo_batch($1::text, $2::int, $3::bigint, $4::timestamptz, $5::bigint)
