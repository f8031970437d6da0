-- That pushes are in the inbox.
-- $1 jsonb: [{patent_id, push_id, agency_id, invented}]; $2 timestamptz: now
-- -> one row an event
INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at, invented)
SELECT w.patent_id, w.push_id, w.agency_id, 'inbox', 'sent', $2::timestamptz, w.invented
FROM jsonb_to_recordset($1::jsonb) AS w (patent_id bigint, push_id uuid, agency_id int, invented boolean)
ON CONFLICT DO NOTHING
RETURNING push_id
