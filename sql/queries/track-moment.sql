-- A moment as it is written in figures.
-- $1 timestamptz: the moment
-- -> moment text, "2026-03-01T08:00:00.123456Z"
SELECT to_char($1::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS moment
