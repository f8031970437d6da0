-- The last answer to a lead.
-- $1 bigint: patent; $2 bigint: need
-- -> feedback_id, answer, because, note
SELECT feedback_id, answer, because, note
FROM feedback
WHERE patent_id = $1::bigint AND need_id = $2::bigint
ORDER BY at DESC, feedback_id
LIMIT 1
