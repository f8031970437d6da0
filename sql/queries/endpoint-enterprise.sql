-- An enterprise by its credit code.
-- $1 text: the code
-- -> bigint
SELECT enterprise_id FROM enterprise WHERE uscc = $1::text
