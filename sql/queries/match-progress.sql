-- How far needs have been weighed.
-- $1 jsonb: [{need_id, agency_id, need_seq, patent_seq, model}]; $2 timestamptz: now
INSERT INTO match_progress (need_id, agency_id, need_seq, patent_seq, model, matched_at)
SELECT need_id, agency_id, need_seq, patent_seq, model, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS r (need_id bigint, agency_id int, need_seq bigint, patent_seq bigint, model text)
ON CONFLICT (need_id) DO UPDATE SET
    need_seq = excluded.need_seq, patent_seq = excluded.patent_seq, model = excluded.model, matched_at = excluded.matched_at
