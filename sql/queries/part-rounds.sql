-- Where an agency's needs stand.
-- $1 int: the agency; $2 int: how many ranges; $3 int: which
-- -> need_id bigint, round, merged bigint; own_round bigint, own_weighed text: of this range's share (null: none); shares: ranges whose
--    counts are those of the round; weighed: of them those that have found their best under the totals of $4
-- $4 text: digest of the totals
SELECT r.need_id, r.round, r.merged, o.round AS own_round, o.weighed AS own_weighed,
       (SELECT count(*) FROM match_share s WHERE s.need_id = r.need_id AND s.parts = r.parts AND s.round = r.round)::int AS shares,
       (SELECT count(*) FROM match_share s WHERE s.need_id = r.need_id AND s.parts = r.parts AND s.round = r.round AND s.weighed = $4::text)::int AS weighed
FROM match_round r
LEFT JOIN match_share o ON o.need_id = r.need_id AND o.parts = r.parts AND o.part = $3::int
WHERE r.agency_id = $1::int AND r.parts = $2::int AND (r.merged < r.round OR o.round IS DISTINCT FROM r.round)
ORDER BY r.need_id
