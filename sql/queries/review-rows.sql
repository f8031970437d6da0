-- Refused rows that lack something, of kinds that have credit codes, each once, with what was said of them.
-- $1 int: agency
-- -> kind, digest, file text, batch_id, line bigint, sheet text, record jsonb, state, uscc text, loaded_batch bigint
SELECT DISTINCT ON (b.kind, x.digest) b.kind, x.digest, b.file, r.batch_id, r.line, r.sheet, r.record,
       coalesce(s.state, 'open') AS state, s.uscc, s.loaded_batch
FROM refused_row r
JOIN load_batch b ON b.batch_id = r.batch_id
CROSS JOIN LATERAL (SELECT md5((SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(r.record) f WHERE f.key NOT LIKE '\_%')::text)
                    AS digest) x
LEFT JOIN same_name s ON s.agency_id = r.agency_id AND s.kind = b.kind AND s.digest = x.digest
WHERE r.agency_id = $1::int AND r.code = 'missing' AND b.kind IN ('enterprise', 'institution') AND x.digest IS NOT NULL
ORDER BY b.kind, x.digest, r.batch_id DESC, r.place
