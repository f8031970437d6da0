-- What an agency holds of these patents.
-- $1 bigint[]: ids; $2 bigint, $3 timestamptz: as for intake-fetch-patent; $4 int: the agency
-- -> patent_id bigint, holding jsonb, holding_settled bool
SELECT patent_id,
       jsonb_build_object('held_since', held_since, 'extra', extra, 'first_recorded_at', first_recorded_at) AS holding,
       coalesce(batch_id = $2::bigint OR recorded_at < $3::timestamptz, false) AS holding_settled
FROM patent_holding
WHERE patent_id = ANY ($1::bigint[]) AND agency_id = $4::int AND superseded_at IS NULL
