-- Uses the link of a push, once.
-- $1 text: link; $2 uuid: push; $3 timestamptz: now
-- -> agency_id int, enterprise_id bigint, enterprise text: its credit code
WITH used AS (
    INSERT INTO signin_link (link, agency_id, enterprise_id, made_by, made_at, ends_at, used_at)
    SELECT $1, p.agency_id, p.enterprise_id, 'push', $3::timestamptz, $3::timestamptz, $3::timestamptz FROM push p WHERE p.push_id = $2::uuid
    ON CONFLICT (link) DO NOTHING
    RETURNING agency_id, enterprise_id
)
SELECT u.agency_id, u.enterprise_id, e.uscc AS enterprise FROM used u JOIN enterprise e ON e.enterprise_id = u.enterprise_id
