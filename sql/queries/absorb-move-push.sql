-- The push rows of a merged patent follow it.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO push (
    patent_id, push_id, origin_patent_id, need_id, agency_id, enterprise_id, score, fit,
    probability, threshold, model, reasons, created_at, invented)
SELECT
    $1::bigint, push_id, origin_patent_id, need_id, agency_id, enterprise_id, score, fit,
    probability, threshold, model, reasons, created_at, invented
FROM push WHERE patent_id = $2::bigint
