-- What may be told of accounts' passwords.
-- $1 jsonb: [name]; $2 timestamptz: now
-- -> account, password boolean, given boolean, totp boolean, signed_in_at timestamptz: the last time, sessions bigint: that go on
SELECT n.name AS account, c.account IS NOT NULL AS password, coalesce(c.given, false) AS given, c.totp_since IS NOT NULL AS totp,
       max(s.made_at) AS signed_in_at,
       count(*) FILTER (WHERE s.ended_at IS NULL AND s.ends_at > $2::timestamptz
                          AND s.used_at + make_interval(secs => s.idle_s) > $2::timestamptz) AS sessions
FROM jsonb_array_elements_text($1::jsonb) n (name)
LEFT JOIN credential c ON c.account = n.name
LEFT JOIN session s ON s.account = n.name
GROUP BY n.name, c.account, c.given, c.totp_since
