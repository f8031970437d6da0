-- What a mail server said later of a mail, once; one that it gave up is a dead letter, unless it was put back meanwhile.
-- $1 bigint: the row; $2 text: bounced or delayed; $3 timestamptz: now; $4 text: the server's status and answer
-- -> one row when it was news
WITH noted AS (
    INSERT INTO attempt (outbox_id, agency_id, number, started_at, ended_at, outcome, answer)
    SELECT o.outbox_id, o.agency_id, (SELECT max(a.number) + 1 FROM attempt a WHERE a.outbox_id = o.outbox_id),
           $3::timestamptz, $3::timestamptz, $2::text, $4::text
    FROM outbox o
    WHERE o.outbox_id = $1::bigint
      AND NOT EXISTS (SELECT FROM attempt a WHERE a.outbox_id = o.outbox_id AND a.outcome = $2::text AND a.answer = $4::text)
    RETURNING outbox_id
), dead AS (
    UPDATE outbox o SET state = 'dead', finished_at = $3::timestamptz
    FROM noted n
    WHERE o.outbox_id = n.outbox_id AND o.state = 'done' AND $2::text = 'bounced'
)
SELECT outbox_id FROM noted
