-- What an enterprise has for a channel (else had last), for a message beside the pushes: these are held back by one pace more, so that
-- both together keep to the platform's limit.
-- $1 int: agency; $2 bigint: enterprise; $3 text: channel; $4 timestamptz: now; $5 int: milliseconds between two messages, 0: no pace
-- -> endpoint_id, url, secret_sealed (hex), old_secret_sealed (hex, or null: none that still signs), disabled
UPDATE endpoint p
SET hold_until = CASE WHEN $5::int > 0 THEN greatest(p.hold_until, $4::timestamptz) + $5::int * interval '1 millisecond' ELSE p.hold_until END
WHERE p.endpoint_id = (SELECT x.endpoint_id FROM endpoint x
                       WHERE x.agency_id = $1::int AND x.enterprise_id = $2::bigint AND x.channel = $3::text
                       ORDER BY x.disabled_at IS NOT NULL, x.endpoint_id DESC LIMIT 1)
RETURNING p.endpoint_id, p.url, encode(p.secret_sealed, 'hex') AS secret_sealed,
          CASE WHEN p.old_secret_until > $4::timestamptz THEN encode(p.old_secret_sealed, 'hex') END AS old_secret_sealed,
          p.disabled_at IS NOT NULL AS disabled
