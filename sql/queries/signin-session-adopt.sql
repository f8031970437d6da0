-- A session that began by a link is an account's from now on.
-- $1 text: its public part; $2 text: account
-- -> one row
UPDATE session SET account = $2, agency_id = NULL, enterprise_id = NULL WHERE session_id = $1 AND account IS NULL RETURNING session_id
