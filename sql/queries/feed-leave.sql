-- Lets go of a feed.
-- $1 bigint: its id
-- -> one column of no interest
SELECT pg_advisory_unlock(hashtextextended('patbridge.feed ' || $1::bigint, 0))
