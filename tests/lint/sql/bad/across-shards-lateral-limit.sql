SELECT n.need_id, best.patent_id
FROM need n
CROSS JOIN LATERAL (SELECT l.patent_id FROM lead l WHERE l.need_id = n.need_id ORDER BY l.score DESC LIMIT 3) best;
