-- An answer. feedback_id is made from the answer and the one before it, so that the same answer given twice is one row.
-- $1 bigint: patent; $2 uuid: feedback_id; $3 bigint: need; $4 int: agency; $5 bigint: enterprise; $6 text: answer; $7 text:
-- because, or null; $8 text: note, or null; $9 text: who; $10 timestamptz: when; $11 boolean: invented
-- -> one row when it is news
INSERT INTO feedback (patent_id, feedback_id, need_id, agency_id, enterprise_id, answer, because, note, given_by, at, invented)
VALUES ($1::bigint, $2::uuid, $3::bigint, $4::int, $5::bigint, $6::text, $7::text, $8::text, $9::text, $10::timestamptz,
        $11::boolean)
ON CONFLICT (patent_id, feedback_id) DO NOTHING
RETURNING feedback_id
