-- Uses an invitation, once.
-- $1 text: link; $2 timestamptz: now
-- -> agency_id int, enterprise_id bigint, enterprise text: its credit code
UPDATE signin_link l SET used_at = $2::timestamptz
FROM enterprise e
WHERE l.link = $1 AND l.used_at IS NULL AND l.ends_at > $2::timestamptz AND e.enterprise_id = l.enterprise_id
RETURNING l.agency_id, l.enterprise_id, e.uscc AS enterprise
