-- Keeps salts; one that is there stays.
-- $1 jsonb: {name: salt in hexadecimal}
-- -> one row a salt that was not there
INSERT INTO personal_salt (value, salt)
SELECT e.key, decode(e.value, 'hex') FROM jsonb_each_text($1::jsonb) e ON CONFLICT (value) DO NOTHING
RETURNING 1 AS kept
