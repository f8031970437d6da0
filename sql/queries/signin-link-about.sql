-- An invitation that may still be used.
-- $1 text: link; $2 timestamptz: now
-- -> agency text: its name, enterprise text: its name
SELECT g.name AS agency, e.name AS enterprise
FROM signin_link l JOIN agency g ON g.agency_id = l.agency_id JOIN enterprise e ON e.enterprise_id = l.enterprise_id
WHERE l.link = $1 AND l.used_at IS NULL AND l.ends_at > $2::timestamptz
