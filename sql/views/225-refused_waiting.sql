-- 225 refused_waiting: refused rows that still wait to be mended. Not those of a batch that was taken back, or whose file was loaded
-- again since, nor of a single record that a program sent (file 'record'); nor a row that was said to be (or not to be) a known organisation.
DROP VIEW IF EXISTS refused_waiting CASCADE;
CREATE VIEW refused_waiting WITH (security_invoker = true) AS
SELECT r.batch_id, r.place, r.agency_id
FROM refused_row r JOIN load_batch b ON b.batch_id = r.batch_id
WHERE r.settled_at IS NULL AND b.finished_at IS NOT NULL AND b.file <> 'record'
  AND NOT EXISTS (SELECT FROM batch_undo u WHERE u.batch_id = r.batch_id)
  AND NOT EXISTS (SELECT FROM load_batch later
                  WHERE later.batch_id > b.batch_id AND later.kind = b.kind AND later.file = b.file AND later.finished_at IS NOT NULL
                    AND later.agency_id IS NOT DISTINCT FROM b.agency_id AND later.file <> 'request')
  AND NOT (r.code = 'missing' AND b.kind IN ('enterprise', 'institution') AND EXISTS (
      SELECT FROM same_name s
      WHERE s.agency_id = r.agency_id AND s.kind = b.kind AND s.state IN ('accepted', 'rejected')
        AND s.digest = md5((SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(r.record) f WHERE f.key NOT LIKE '\_%')::text)));
GRANT SELECT ON refused_waiting TO patbridge_service, patbridge_across, patbridge_readonly;
