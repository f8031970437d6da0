-- Ends sessions: one, or an account's, or those of an enterprise that has none.
-- $1 text or null: its public part; $2 text or null: account; $3 int or null: agency; $4 bigint or null: enterprise; $5 text or null: but this
-- one; $6 timestamptz: now; $7 text: why
-- -> session_id
UPDATE session SET ended_at = $6::timestamptz, ended_why = $7
WHERE ended_at IS NULL AND ($5::text IS NULL OR session_id <> $5::text)
  AND (session_id = $1::text OR account = $2::text OR ($2::text IS NULL AND agency_id = $3::int AND enterprise_id = $4::bigint))
RETURNING session_id
