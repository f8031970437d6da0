-- A session that goes on, with what it may do at this moment: of its account, or of its link.
-- $1 text: its public part; $2 text: digest; $3 timestamptz: now
-- -> account, role, agency_id int, agency text, enterprise_id bigint, given boolean, stale boolean: its use was noted a minute ago, made_at, ends_at
SELECT s.account, coalesce(a.role, 'enterprise') AS role, g.agency_id, g.code AS agency, coalesce(a.enterprise_id, s.enterprise_id) AS enterprise_id,
       coalesce(c.given, false) AS given, s.used_at <= $3::timestamptz - interval '1 minute' AS stale, s.made_at, s.ends_at
FROM session s
LEFT JOIN account a ON a.name = s.account
LEFT JOIN credential c ON c.account = s.account
LEFT JOIN agency g ON g.agency_id = coalesce(a.agency_id, s.agency_id)
WHERE s.session_id = $1 AND s.digest = $2 AND s.ended_at IS NULL AND s.ends_at > $3::timestamptz
  AND s.used_at + make_interval(secs => s.idle_s) > $3::timestamptz
  AND (s.account IS NULL OR (a.removed_at IS NULL AND a.disabled_at IS NULL
       AND (a.agency_id IS NOT NULL) = (a.role IN ('agency_manager', 'agency_clerk', 'enterprise'))
       AND (a.enterprise_id IS NOT NULL) = (a.role = 'enterprise')))
