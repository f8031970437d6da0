-- What was learned last from an agency's answers.
-- $1 int: the agency
-- -> version int, body jsonb; no row: nothing was
SELECT version, body FROM interest_model WHERE agency_id = $1::int ORDER BY version DESC LIMIT 1
