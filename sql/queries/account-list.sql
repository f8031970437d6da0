-- Every account.
-- -> name, role, agency text, created_at, removed_at timestamptz, invented boolean
SELECT c.name, c.role, a.code AS agency, c.created_at, c.removed_at, c.invented
FROM account c LEFT JOIN agency a ON a.agency_id = c.agency_id
ORDER BY c.name
