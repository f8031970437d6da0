-- Agencies that held only the merged patent hold the one that stays; what they claimed before stays as history.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO patent_holding (
    patent_id, agency_id, held_since, extra, batch_id, change_seq, first_recorded_at,
    recorded_at, superseded_at)
SELECT
    $1::bigint, o.agency_id, o.held_since, o.extra, o.batch_id, o.change_seq,
    o.first_recorded_at, o.recorded_at, o.superseded_at
FROM patent_holding o
WHERE o.patent_id = $2::bigint
  AND (o.superseded_at IS NOT NULL OR o.agency_id NOT IN (
      SELECT agency_id FROM patent_holding k WHERE k.patent_id = $1::bigint AND k.superseded_at IS NULL))
ON CONFLICT DO NOTHING
