-- That something happened to a push, the first time it does. The push may lie under a later id of its patent.
-- $1 bigint[]: every id of the patent; $2 uuid: the push; $3 text: channel; $4 text: event; $5 timestamptz: when; $6 jsonb: detail
-- -> one row when it is news
INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at, detail, invented)
SELECT patent_id, push_id, agency_id, $3::text, $4::text, $5::timestamptz, $6::jsonb, invented
FROM push
WHERE push_id = $2::uuid AND patent_id = ANY ($1::bigint[])
ON CONFLICT DO NOTHING
RETURNING push_id
