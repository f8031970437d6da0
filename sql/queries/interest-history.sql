-- What enterprises have answered an agency so far: of each lead the last answer.
-- $1 int: the agency
-- -> enterprise_id bigint, answers int, interested int
SELECT enterprise_id, count(*)::int AS answers, (count(*) FILTER (WHERE answer = 'interested'))::int AS interested
FROM (SELECT DISTINCT ON (patent_id, need_id) enterprise_id, answer FROM feedback WHERE agency_id = $1::int
      ORDER BY patent_id, need_id, at DESC) f
GROUP BY enterprise_id
