-- Gives one's turn to the next.
-- $1 text: kind and agency
-- -> whether one had it
SELECT pg_advisory_unlock(hashtextextended('patbridge.load ' || $1, 0))
