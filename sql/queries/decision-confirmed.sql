-- Of these keys, those that another official has proposed the same verdict and day for, with no decision on them since.
-- $1 text: kind; $2 int: agency; $3 jsonb: [key]; $4 text: verdict; $5 text: by whom; $6 date: effective
-- -> key text, as it was asked
SELECT DISTINCT k.key
FROM jsonb_array_elements_text($3::jsonb) k (key) JOIN decidable($1::text, $2::int) d ON d.lookup = k.key
    JOIN proposal p ON p.agency_id = $2::int AND p.kind = $1::text AND p.key = d.key
WHERE p.verdict = $4::text AND p.proposed_by <> $5::text AND p.effective = $6::date
  AND NOT EXISTS (SELECT FROM decision c WHERE c.agency_id = p.agency_id AND c.kind = p.kind AND c.key = p.key
                      AND c.decided_at > p.proposed_at)
