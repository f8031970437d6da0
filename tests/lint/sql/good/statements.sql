-- UPDATE patent SET recorded_at = now(); MERGE INTO patent: comments are no statements.
/* SELECT * FROM push FOR UPDATE SKIP LOCKED; */
INSERT INTO patent (patent_id, title, recorded_at) VALUES (1, 'now() or never', now())
ON CONFLICT (patent_id) DO UPDATE SET title = excluded.title, recorded_at = excluded.recorded_at;
WITH due AS (
    SELECT outbox_id FROM outbox WHERE state = 'due' ORDER BY outbox_id LIMIT 10 FOR UPDATE SKIP LOCKED
)
UPDATE outbox o SET state = 'leased' FROM due WHERE o.outbox_id = due.outbox_id;
SELECT p.patent_id, right_no FROM patent p CROSS JOIN LATERAL unnest(p.rights) AS right_no LIMIT 3;
SELECT kind, state, count(*) FROM load_batch GROUP BY ROLLUP (kind, state);
GRANT SELECT, UPDATE ON patent TO patbridge_service;
CREATE POLICY own ON need USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON need TO patbridge_across USING (true) WITH CHECK (true);
DO $$
BEGIN
    EXECUTE format('CREATE POLICY own ON %I '
                   'USING (agency_id = nullif(current_setting(''patbridge.agency'', true), '''')::int)', 'need');
END
$$;
