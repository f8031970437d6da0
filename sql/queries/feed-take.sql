-- Takes a feed for as long as this session has not let go of it, or lives.
-- $1 bigint: its id
-- -> one row where nobody else has it
SELECT 1 AS taken WHERE pg_try_advisory_lock(hashtextextended('patbridge.feed ' || $1::bigint, 0))
