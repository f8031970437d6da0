-- Waits for one's turn to load a kind for an agency; until batch-turn-over, or the session's end.
-- $1 text: kind and agency
-- -> one column of no interest
SELECT pg_advisory_lock(hashtextextended('patbridge.load ' || $1, 0))
