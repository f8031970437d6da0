-- Counts an attempt before it is looked at, unless one of its scopes has to wait: after the failure that is `free` 2 s, and twice as long
-- after each, up to 15 minutes; an hour without one forgets them.
-- $1 jsonb: [{scope, subject, free}]; $2 timestamptz: now
-- -> one row for each scope that need not wait
INSERT INTO signin_attempt (scope, subject, failures, last_at)
SELECT w.scope, w.subject, 1, $2::timestamptz FROM jsonb_to_recordset($1::jsonb) w (scope text, subject text) ORDER BY 1, 2
ON CONFLICT (scope, subject) DO UPDATE
SET failures = CASE WHEN signin_attempt.last_at < $2::timestamptz - interval '1 hour' THEN 1 ELSE signin_attempt.failures + 1 END,
    last_at = excluded.last_at,
    until = (SELECT CASE WHEN signin_attempt.last_at >= $2::timestamptz - interval '1 hour' AND signin_attempt.failures + 1 >= w.free
                         THEN $2::timestamptz + make_interval(secs => least(900, 2 ^ least(signin_attempt.failures - w.free + 2, 10))) END
             FROM jsonb_to_recordset($1::jsonb) w (scope text, subject text, free int)
             WHERE w.scope = signin_attempt.scope AND w.subject = signin_attempt.subject)
WHERE signin_attempt.until IS NULL OR signin_attempt.until <= $2::timestamptz
RETURNING scope
