-- Lets one at a time change a lead's follow-up, which may not be there yet; until the transaction ends.
-- $1 text: the lead
SELECT pg_advisory_xact_lock(hashtextextended('follow-up ' || $1::text, 0))
