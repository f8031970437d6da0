-- An enterprise's needs at one agency, the latest first.
-- $1 bigint: the enterprise; $2 int: the agency; $3 text: this one alone, '' for every one; $4 timestamptz, $5 bigint: recording and id of
-- the last one seen, or nulls; $6 int: how many
-- -> need_id bigint, need, title, text, state, valid_from, valid_to, posted_at, changed_at, searched: it was matched as it stands now;
--    leads: patents found for it that stand; pushes, interested: how many of its pushes got that answer last;
--    invented
SELECT n.need_id, n.source_id AS need, n.title, n.text, n.state, n.valid_from, n.valid_to, n.first_recorded_at AS posted_at,
       n.recorded_at AS changed_at, coalesce(m.need_seq = n.change_seq, false) AS searched,
       (SELECT count(*) FROM lead l WHERE l.need_id = n.need_id AND l.state NOT IN ('superseded', 'rejected'))::int AS leads,
       (SELECT count(*) FROM push u WHERE u.need_id = n.need_id)::int AS pushes,
       (SELECT count(*) FROM (SELECT DISTINCT ON (b.patent_id) b.answer FROM feedback b WHERE b.need_id = n.need_id
                              ORDER BY b.patent_id, b.at DESC, b.feedback_id) last WHERE last.answer = 'interested')::int AS interested,
       n.invented
FROM need n
LEFT JOIN match_progress m ON m.need_id = n.need_id
WHERE n.enterprise_id = $1::bigint AND n.agency_id = $2::int
  AND ($3::text = '' OR n.source_id = $3::text)
  AND ($4::timestamptz IS NULL OR (n.first_recorded_at, n.need_id) < ($4::timestamptz, $5::bigint))
ORDER BY n.first_recorded_at DESC, n.need_id DESC
LIMIT $6::int
