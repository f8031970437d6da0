-- Remembers that a batch was taken back.
-- $1 bigint: the batch; $2 int: agency; $3 timestamptz: now; $4 text: by whom; $5…$7 bigint: withdrawn, restored, kept
INSERT INTO batch_undo (batch_id, agency_id, undone_at, undone_by, withdrawn, restored, kept)
VALUES ($1::bigint, $2::int, $3::timestamptz, $4, $5::bigint, $6::bigint, $7::bigint)
