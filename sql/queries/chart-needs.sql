-- Needs by the sections of the IPC that they name; one that names two stands in both, one that names none under ''.
-- $1 int: the agency, 0 for every one
-- -> section text, needs int, invented int
SELECT s.section, count(*)::int AS needs, count(*) FILTER (WHERE n.invented)::int AS invented
FROM need n CROSS JOIN LATERAL (
    SELECT DISTINCT upper(left(i.ipc, 1)) AS section FROM unnest(n.ipc) i (ipc) WHERE i.ipc ~* '^[a-h]'
    UNION ALL
    SELECT '' WHERE NOT EXISTS (SELECT FROM unnest(n.ipc) i (ipc) WHERE i.ipc ~* '^[a-h]')) s
WHERE $1::int = 0 OR n.agency_id = $1::int
GROUP BY s.section ORDER BY s.section
