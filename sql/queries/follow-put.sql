-- Where a lead's follow-up stands from now on.
-- $1 int: agency; $2 bigint: patent; $3 bigint: need; $4 text: stage; $5 date or null: due; $6 text or null: deal; $7 text: by whom;
-- $8 timestamptz: now
INSERT INTO follow_up (agency_id, patent_id, need_id, stage, due, deal, changed_by, changed_at)
VALUES ($1::int, $2::bigint, $3::bigint, $4, $5::date, $6, $7, $8::timestamptz)
ON CONFLICT (agency_id, patent_id, need_id) DO UPDATE
    SET stage = excluded.stage, due = excluded.due, deal = excluded.deal, changed_by = excluded.changed_by, changed_at = excluded.changed_at
