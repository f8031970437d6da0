-- Records one decision on each thing that a batch brought.
-- $1 text: kind; $2 int: agency; $3 bigint: the batch; $4 text: verdict; $5 text: by whom; $6 text: the operating system's user;
-- $7 text: reason; $8 date: effective; $9 timestamptz: now; $10 boolean: made up
-- -> key text, as it is kept, of those that did not stand so already: the same verdict from the same day on, said again on a later
-- day, would make a decision late that was not
INSERT INTO decision (agency_id, kind, key, verdict, decided_by, os_user, reason, effective, decided_at, invented)
SELECT DISTINCT $2::int, $1::text, d.key, $4::text, $5::text, $6::text, $7::text, $8::date, $9::timestamptz, $10::boolean
FROM decidable($1::text, $2::int) d
WHERE d.record_id IN (SELECT batch_record($1::text, $2::int, $3::bigint))
  AND (SELECT o.verdict FROM decision o
       WHERE o.agency_id = $2::int AND o.kind = $1::text AND o.key = d.key AND o.effective = $8::date
       ORDER BY o.decided_at DESC, o.decision_id DESC LIMIT 1) IS DISTINCT FROM $4::text
RETURNING key
