-- Writes what is staged for platform_review; the rows as they stand before are kept by intake-keep-platform-review.
-- -> one row a row written
INSERT INTO platform_review SELECT * FROM stage_platform_review
ON CONFLICT (platform_review_id) DO UPDATE SET
    approval_number = excluded.approval_number, approved_date = excluded.approved_date, functions
    = excluded.functions, invented = excluded.invented, source = excluded.source, documents =
    excluded.documents, extra = excluded.extra, batch_id = excluded.batch_id, change_seq =
    excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING platform_review_id
