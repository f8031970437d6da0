-- An enterprise's names.
-- $1 bigint: its id
-- -> uscc, name
SELECT uscc, name FROM enterprise WHERE enterprise_id = $1::bigint
