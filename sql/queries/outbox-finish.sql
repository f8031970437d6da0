-- What came of one attempt. An acceptance is kept whoever holds the row by now; anything else only from its holder.
-- $1 bigint: the row; $2 int: the worker; $3 text: outcome; $4 text: the row's new state; $5 timestamptz: next attempt, or null;
-- $6 timestamptz: started; $7 timestamptz: ended; $8 int: HTTP status, or null; $9 text: answer, cut; $10 text: error; $11 text:
-- request, cut
-- -> one row when it was kept
WITH kept AS (
    UPDATE outbox
    SET state = $4::text, attempts = attempts + 1, next_attempt_at = coalesce($5::timestamptz, next_attempt_at),
        leased_by = NULL, lease_until = NULL,
        finished_at = CASE WHEN $4::text = 'due' THEN NULL ELSE $7::timestamptz END
    WHERE outbox_id = $1::bigint
      AND ($3::text IN ('accepted', 'sent') OR (state = 'leased' AND leased_by = $2::int::text))
    RETURNING outbox_id, agency_id
), noted AS (
    INSERT INTO attempt (outbox_id, agency_id, number, started_at, ended_at, outcome, status, answer, error, request)
    SELECT outbox_id, agency_id,
           (SELECT coalesce(max(a.number), 0) + 1 FROM attempt a WHERE a.outbox_id = kept.outbox_id),
           $6::timestamptz, $7::timestamptz, $3::text, $8::int, $9::text, $10::text, $11::text
    FROM kept
    RETURNING outbox_id
)
SELECT outbox_id FROM noted
