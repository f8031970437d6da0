-- Marks an oddity as looked at; nothing is written where there is none of this rule and key.
-- $1 date: the policy's last day, or today; $2 text: time zone; $3 text: rule; $4 text: key; $5 text: by whom; $6 text: the
-- operating system's user; $7 text: reason; $8 timestamptz: now
-- -> mark_id bigint
INSERT INTO oddity_mark (agency_id, rule, key, marked_by, os_user, reason, marked_at)
SELECT DISTINCT o.agency_id, o.rule, o.key, $5::text, $6::text, $7::text, $8::timestamptz
FROM oddity_all($1::date, $2::text) o WHERE o.rule = $3::text AND o.key = $4::text
RETURNING mark_id
