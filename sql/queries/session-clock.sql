-- The server's clock, in UTC whatever the session's time zone.
-- -> clock text
SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text || '+00' AS clock
