-- Makes pushes; one that was made before is left alone.
-- $1 jsonb: [{patent_id, push_id, need_id, agency_id, enterprise_id, score, fit, probability, threshold, model, reasons,
-- invented}]; $2 timestamptz: now
-- -> patent_id, need_id, push_id of each push made now
INSERT INTO push (patent_id, push_id, origin_patent_id, need_id, agency_id, enterprise_id, score, fit, probability, threshold,
                  model, reasons, created_at, invented)
SELECT w.patent_id, w.push_id, w.patent_id, w.need_id, w.agency_id, w.enterprise_id, w.score, w.fit, w.probability,
       w.threshold, w.model, w.reasons, $2::timestamptz, w.invented
FROM jsonb_to_recordset($1::jsonb)
     AS w (patent_id bigint, push_id uuid, need_id bigint, agency_id int, enterprise_id bigint, score bigint, fit float8,
           probability float8, threshold float8, model text, reasons jsonb, invented boolean)
ORDER BY w.patent_id, w.need_id
ON CONFLICT DO NOTHING
RETURNING patent_id, need_id, push_id
