-- Old secrets that sign no more.
-- $1 timestamptz: now
-- -> endpoint_id bigint, one row each
UPDATE endpoint SET old_secret_sealed = NULL, old_secret_until = NULL WHERE old_secret_until <= $1::timestamptz RETURNING endpoint_id
