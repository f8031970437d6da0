-- The last answer to a lead.
-- $1 bigint: patent; $2 bigint: need
-- -> feedback_id, answer, because, note; holds: it is no stop that was taken back since
SELECT b.feedback_id, b.answer, b.because, b.note,
       b.answer <> 'stop' OR EXISTS (SELECT FROM standing_stop s WHERE s.patent_id = b.patent_id AND s.feedback_id = b.feedback_id) AS holds
FROM feedback b
WHERE b.patent_id = $1::bigint AND b.need_id = $2::bigint
ORDER BY b.at DESC, b.feedback_id
LIMIT 1
