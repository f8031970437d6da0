-- One account.
-- $1 text: name
-- -> role text, removed boolean: or disabled, agency_id int: 0 for none
SELECT role, removed_at IS NOT NULL OR disabled_at IS NOT NULL AS removed, coalesce(agency_id, 0) AS agency_id FROM account WHERE name = $1
