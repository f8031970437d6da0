-- The feedback rows of a merged patent follow it.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO feedback (
    patent_id, feedback_id, need_id, agency_id, enterprise_id, answer, because, note, given_by,
    at, invented)
SELECT
    $1::bigint, feedback_id, need_id, agency_id, enterprise_id, answer, because, note, given_by,
    at, invented
FROM feedback WHERE patent_id = $2::bigint
