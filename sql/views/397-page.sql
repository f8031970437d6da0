-- 397 page: which patents the next rows of a metric are about, so that a page is counted without counting the whole metric.

-- The patents behind the next rows of an agency's patents after the key `after`, and their keys: those `most` that any row may be about.
-- An agency that holds many of all patents is read along the numbers of all (index patent_page); of another its own are put in order.
CREATE OR REPLACE FUNCTION page_of_patents(as_of date, known_at timestamptz, agency int, after text, most int)
RETURNS TABLE (patent_id bigint, key text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    roots bigint[]; -- what others were found to be: held where one of those is
BEGIN
    IF (SELECT count(*) FROM patent_holding h WHERE h.agency_id = agency AND h.superseded_at IS NULL) * 40
           < (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'patent'::regclass) THEN
        RETURN QUERY
        SELECT p.patent_id, coalesce(p.application_number, p.publication_number) COLLATE "C" AS number
        FROM patent_held_merged(as_of, known_at, agency) h CROSS JOIN LATERAL (
            SELECT * FROM patent_at(known_at) o WHERE o.patent_id = h.patent_id OFFSET 0) p -- one by one, as in 310
        WHERE coalesce(p.application_number, p.publication_number) COLLATE "C" > after
        ORDER BY number LIMIT most;
        RETURN;
    END IF;
    roots := ARRAY(SELECT m.merged_into FROM patent_at(known_at) m WHERE m.merged_into IS NOT NULL);
    RETURN QUERY
    SELECT n.patent_id, n.number
    FROM ((SELECT p.patent_id, coalesce(p.application_number, p.publication_number) COLLATE "C" AS number
           FROM patent p
           WHERE coalesce(p.application_number, p.publication_number) COLLATE "C" > after AND p.recorded_at <= known_at
               AND (EXISTS (SELECT FROM patent_holding h WHERE h.patent_id = p.patent_id AND h.agency_id = agency)
                    OR p.patent_id = ANY (roots))
           ORDER BY number LIMIT most)
          UNION ALL -- of those that say something else today
          SELECT o.patent_id, coalesce(o.application_number, o.publication_number) COLLATE "C"
          FROM (SELECT (jsonb_populate_record(NULL::patent, v.record)).* FROM patent_version v
                WHERE v.recorded_at <= known_at AND v.superseded_at > known_at) o
          WHERE EXISTS (SELECT FROM patent_holding h WHERE h.patent_id = o.patent_id AND h.agency_id = agency)
              OR o.patent_id = ANY (roots)) n
    WHERE n.number > after
    ORDER BY n.number LIMIT most;
END
$$;

-- The same of pushes: those of this system, and those declared.
CREATE OR REPLACE FUNCTION page_of_pushes(known_at timestamptz, agency int, after text, most int)
RETURNS TABLE (patent_id bigint, key text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    id uuid; -- the order of ids is that of their texts; a declared push has none
BEGIN
    IF after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        id := after;
    END IF;
    RETURN QUERY
    SELECT n.patent_id, n.name
    FROM ((SELECT p.patent_id, p.push_id::text COLLATE "C" AS name
           FROM push p
           WHERE p.agency_id = agency AND p.created_at <= known_at AND (id IS NULL OR p.push_id > id)
               AND p.push_id::text COLLATE "C" > after
           ORDER BY p.push_id LIMIT most)
          UNION ALL
          SELECT a.patent_id, (split_part(p.patent, '.', 1) || '/' || p.enterprise_uscc) COLLATE "C"
          FROM declared_push_at(known_at) p LEFT JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
          WHERE p.agency_id = agency) n
    WHERE n.name > after
    ORDER BY n.name LIMIT most;
END
$$;

-- The patents behind the next `most` of them. last: the key up to which these are all rows; null: there are none behind. patents null: not
-- every one of them is about a patent that is known here, and the metric has to be counted whole.
DROP FUNCTION IF EXISTS page_patents(text, date, timestamptz, int, text, int);
CREATE OR REPLACE FUNCTION page_patents(wanted text, as_of date, known_at timestamptz, agency int, after text, most int,
    OUT patents bigint[], OUT last text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF wanted = 'patents' THEN
        SELECT CASE WHEN count(*) FILTER (WHERE n.patent_id IS NULL) = 0 THEN coalesce(array_agg(DISTINCT n.patent_id), '{}') END,
               CASE WHEN count(*) = most THEN max(n.key COLLATE "C") END
        INTO patents, last FROM page_of_patents(as_of, known_at, agency, after, most) n;
    ELSE
        SELECT CASE WHEN count(*) FILTER (WHERE n.patent_id IS NULL) = 0 THEN coalesce(array_agg(DISTINCT n.patent_id), '{}') END,
               CASE WHEN count(*) = most THEN max(n.key COLLATE "C") END
        INTO patents, last FROM page_of_pushes(known_at, agency, after, most) n;
    END IF;
END
$$;

GRANT EXECUTE ON FUNCTION page_of_patents, page_of_pushes, page_patents TO patbridge_across, patbridge_readonly;
