-- Keeps what a person said of a row.
-- $1 int: agency; $2 text: kind; $3 text: digest; $4 text: state; $5 text or null: credit code; $6 bigint or null: batch; $7 text: who;
-- $8 timestamptz: now
INSERT INTO same_name (agency_id, kind, digest, state, uscc, loaded_batch, decided_by, decided_at)
VALUES ($1::int, $2, $3, $4, $5, $6::bigint, $7, $8::timestamptz)
ON CONFLICT (agency_id, kind, digest) DO UPDATE SET state = excluded.state, uscc = excluded.uscc,
    loaded_batch = excluded.loaded_batch, decided_by = excluded.decided_by, decided_at = excluded.decided_at
