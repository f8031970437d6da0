-- How the follow-up of a lead came to where it is, the newest first.
-- $1 int: the agency, 0 for every one; $2 bigint: patent; $3 bigint: need
-- -> stage, due, deal, note, by, at
SELECT stage, due, deal, note, made_by AS by, made_at AS at
FROM follow_up_note
WHERE ($1::int = 0 OR agency_id = $1::int) AND patent_id = $2::bigint AND need_id = $3::bigint
ORDER BY made_at DESC, follow_up_note_id DESC
