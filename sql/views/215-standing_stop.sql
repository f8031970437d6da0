-- 215 standing_stop: answers "stop" that still hold. One that was followed by "resume" does not; of the same moment, stop holds.
CREATE OR REPLACE VIEW standing_stop WITH (security_invoker = true) AS
SELECT f.agency_id, f.enterprise_id, f.patent_id, f.feedback_id, f.at
FROM feedback f
WHERE f.answer = 'stop'
  AND NOT EXISTS (SELECT FROM resumed r WHERE r.agency_id = f.agency_id AND r.enterprise_id = f.enterprise_id AND r.at > f.at);
GRANT SELECT ON standing_stop TO patbridge_service, patbridge_across, patbridge_readonly;
