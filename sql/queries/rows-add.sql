-- A new set of rows.
-- $1 text: what; $2 text: metric; $3 int: agency; $4 timestamptz: known at; $5 text or null: the state in which they are counted;
-- $6 timestamptz: now
-- -> rows_id bigint, known_at text
INSERT INTO track_rows (what, metric, agency_id, known_at, snapshot, kept_at)
VALUES ($1::text, $2::text, $3::int, $4::timestamptz, $5::pg_snapshot, $6::timestamptz)
RETURNING rows_id, to_char(known_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS known_at
