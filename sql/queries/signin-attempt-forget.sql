-- After a success: the name's failures are forgotten, of the address only the one that was counted for it.
-- $1 jsonb: [{scope, subject}]
-- -> one row each
UPDATE signin_attempt t SET failures = CASE WHEN t.scope = 'address' THEN greatest(t.failures - 1, 0) ELSE 0 END, until = NULL
FROM jsonb_to_recordset($1::jsonb) w (scope text, subject text)
WHERE t.scope = w.scope AND t.subject = w.subject
RETURNING t.scope
