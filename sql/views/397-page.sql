-- 397 page: which patents the next rows of a metric are about, so that a page is counted without counting the whole metric.

-- The patents behind the next `most` rows after the key `after` of one agency's patents, or pushes, in the order of their keys. Null: not
-- every one of them is about a patent that is known here, and the metric has to be counted whole.
CREATE OR REPLACE FUNCTION page_patents(wanted text, as_of date, known_at timestamptz, agency int, after text, most int)
RETURNS bigint[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    id uuid; -- the order of ids is that of their texts; a declared push has none
BEGIN
    IF wanted = 'patents' THEN
        RETURN ARRAY(
            SELECT n.patent_id
            FROM (SELECT p.patent_id, coalesce(p.application_number, p.publication_number) COLLATE "C" AS key
                  FROM patent_held_merged(as_of, known_at, agency) h CROSS JOIN LATERAL (
                      SELECT * FROM patent_at(known_at) o WHERE o.patent_id = h.patent_id OFFSET 0) p) n -- one by one, as in 310
            WHERE n.key > after
            ORDER BY n.key LIMIT most);
    END IF;
    IF after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        id := after;
    END IF;
    RETURN (
        WITH next AS (
            SELECT n.patent_id
            FROM ((SELECT p.patent_id, p.push_id::text COLLATE "C" AS key
                   FROM push p
                   WHERE p.agency_id = agency AND p.created_at <= known_at AND (id IS NULL OR p.push_id > id)
                       AND p.push_id::text COLLATE "C" > after
                   ORDER BY p.push_id LIMIT most)
                  UNION ALL
                  SELECT a.patent_id, (split_part(p.patent, '.', 1) || '/' || p.enterprise_uscc) COLLATE "C"
                  FROM declared_push_at(known_at) p LEFT JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
                  WHERE p.agency_id = agency) n
            WHERE n.key > after
            ORDER BY n.key LIMIT most)
        SELECT CASE WHEN count(*) FILTER (WHERE n.patent_id IS NULL) = 0 THEN coalesce(array_agg(DISTINCT n.patent_id), '{}') END
        FROM next n);
END
$$;

GRANT EXECUTE ON FUNCTION page_patents TO patbridge_across, patbridge_readonly;
