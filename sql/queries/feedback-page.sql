-- Answers, newest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 bigint: the enterprise, 0 for every one; $3 text: the answer, '' for every one;
-- $4 timestamptz, $5 uuid: moment and id of the last one seen, or nulls; $6 int: how many
-- -> feedback_id, lead text, enterprise, agency, answer, because, note, given_by, at, invented
SELECT b.feedback_id, b.patent_id::text || '-' || b.need_id::text AS lead, e.uscc AS enterprise_uscc, e.name AS enterprise, a.code AS agency,
       b.answer, b.because, b.note, b.given_by, b.at, b.invented
FROM feedback b
JOIN enterprise e ON e.enterprise_id = b.enterprise_id
JOIN agency a ON a.agency_id = b.agency_id
WHERE ($1::int = 0 OR b.agency_id = $1::int)
  AND ($2::bigint = 0 OR b.enterprise_id = $2::bigint)
  AND ($3::text = '' OR b.answer = $3::text)
  AND ($4::timestamptz IS NULL OR (b.at, b.feedback_id) < ($4::timestamptz, $5::uuid))
ORDER BY b.at DESC, b.feedback_id DESC
LIMIT $6::int
