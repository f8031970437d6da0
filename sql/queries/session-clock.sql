-- The server's clock.
-- -> clock text
SELECT clock_timestamp()::text AS clock
