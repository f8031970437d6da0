-- Accounts, as far as whoever asks may see them.
-- $1 text or null: one name; $2 text or null: those behind this name; $3 int or null: how many at most
-- -> name, role, agency text, enterprise_uscc, created_at, disabled_at, removed_at timestamptz, invented boolean
SELECT c.name, c.role, a.code AS agency, e.uscc AS enterprise_uscc, c.created_at, c.disabled_at, c.removed_at, c.invented
FROM account c
LEFT JOIN agency a ON a.agency_id = c.agency_id
LEFT JOIN enterprise e ON e.enterprise_id = c.enterprise_id
WHERE ($1::text IS NULL OR c.name = $1) AND ($2::text IS NULL OR c.name > $2)
ORDER BY c.name
LIMIT $3::int
