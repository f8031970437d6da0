-- The push_event rows of a merged patent follow it.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO push_event (
    patent_id, push_id, agency_id, channel, event, at, detail, invented)
SELECT
    $1::bigint, push_id, agency_id, channel, event, at, detail, invented
FROM push_event WHERE patent_id = $2::bigint
