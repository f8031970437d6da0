-- Takes an attempt back that nobody looked at; who waits goes on waiting.
-- $1 jsonb: [{scope, subject}]
-- -> one row each
UPDATE signin_attempt t SET failures = greatest(t.failures - 1, 0)
FROM jsonb_to_recordset($1::jsonb) w (scope text, subject text)
WHERE t.scope = w.scope AND t.subject = w.subject
RETURNING t.scope
