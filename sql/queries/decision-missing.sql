-- Which of these keys name nothing that this agency has.
-- $1 text: kind; $2 int: agency; $3 jsonb: [key]
-- -> key text
SELECT k.key FROM jsonb_array_elements_text($3::jsonb) k (key)
WHERE k.key NOT IN (SELECT d.lookup FROM decidable($1::text, $2::int) d)
ORDER BY k.key
