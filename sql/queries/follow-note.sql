-- A step of a lead's follow-up.
-- $1 int: agency; $2 bigint: patent; $3 bigint: need; $4 text: stage; $5 date or null: due; $6 text or null: deal; $7 text: by whom;
-- $8 timestamptz: now; $9 text or null: note
INSERT INTO follow_up_note (agency_id, patent_id, need_id, stage, due, deal, made_by, made_at, note)
VALUES ($1::int, $2::bigint, $3::bigint, $4, $5::date, $6, $7, $8::timestamptz, $9)
