-- What must go over a wire.
-- $1 jsonb: [{push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body, next_attempt_at}]; $2 timestamptz: now
-- -> one row a row
INSERT INTO outbox (outbox_id, push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body, next_attempt_at,
                    created_at)
SELECT nextval('record_id'), w.push_id, w.patent_id, w.agency_id, w.enterprise_id, w.endpoint_id, w.channel, w.body,
       w.next_attempt_at, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb)
     AS w (push_id uuid, patent_id bigint, agency_id int, enterprise_id bigint, endpoint_id bigint, channel text, body text,
           next_attempt_at timestamptz)
RETURNING outbox_id
