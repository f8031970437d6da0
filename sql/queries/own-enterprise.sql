-- An enterprise as it sees itself at one agency.
-- $1 bigint: the enterprise; $2 int: the agency; $3 timestamptz: a week ago
-- -> enterprise_id bigint, uscc, name, division_code, affiliates jsonb (by either side's list), wishes jsonb, invented, agency, agency_name,
--    held: the agency has it among its own; stopped_at: since when it wants no more of this agency's pushes, null: it does; pushed_week: how many it got since then
SELECT e.enterprise_id, e.uscc, e.name, e.division_code, e.push AS wishes, e.invented, a.code AS agency, a.name AS agency_name,
       to_jsonb(coalesce(e.affiliates, '{}')
           || ARRAY(SELECT x.name FROM enterprise x WHERE x.uscc = ANY (e.affiliates))
           || ARRAY(SELECT x.name FROM enterprise x WHERE e.uscc = ANY (x.affiliates) OR e.name = ANY (x.affiliates))) AS affiliates,
       EXISTS (SELECT FROM record_holding h WHERE h.record_id = e.enterprise_id AND h.agency_id = a.agency_id AND h.superseded_at IS NULL) AS held,
       (SELECT max(s.at) FROM standing_stop s WHERE s.enterprise_id = e.enterprise_id AND s.agency_id = a.agency_id) AS stopped_at,
       (SELECT count(*) FROM push u WHERE u.enterprise_id = e.enterprise_id AND u.agency_id = a.agency_id
                                      AND u.created_at > $3::timestamptz)::int AS pushed_week
FROM enterprise e
JOIN agency a ON a.agency_id = $2::int
WHERE e.enterprise_id = $1::bigint
