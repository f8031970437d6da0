-- Holdings that are not there yet, one a patent.
-- $1 bigint[]: patents; beside them $2 date[]: held_since; $3 jsonb[]: extra
-- $4 int: the agency; $5 bigint: the batch; $6 bigint: the change; $7 timestamptz: the moment
INSERT INTO patent_holding (patent_id, agency_id, held_since, extra, batch_id, change_seq, first_recorded_at, recorded_at)
SELECT h.patent_id, $4::int, h.held_since, h.extra, $5::bigint, $6::bigint, $7::timestamptz, $7::timestamptz
FROM unnest($1::bigint[], $2::date[], $3::jsonb[]) AS h (patent_id, held_since, extra)
