-- Proposes a decision on each of these keys; the same official's same proposal stands once.
-- $1 text: kind; $2 int: agency; $3 jsonb: [key]; $4 text: verdict; $5 text: by whom; $6 text: the operating system's user;
-- $7 text: reason; $8 date: effective; $9 timestamptz: now
-- -> key text, as it is kept
INSERT INTO proposal (agency_id, kind, key, verdict, proposed_by, os_user, reason, effective, proposed_at)
SELECT DISTINCT $2::int, $1::text, d.key, $4::text, $5::text, $6::text, $7::text, $8::date, $9::timestamptz
FROM decidable($1::text, $2::int) d
WHERE d.lookup IN (SELECT k.key FROM jsonb_array_elements_text($3::jsonb) k (key))
RETURNING key
