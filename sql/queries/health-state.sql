-- What waits, has been given up, or is missing among the records.
-- $1 timestamptz: now; $2 int: seconds that work may take
-- -> code text, detail text: one row a fault
SELECT 'agency_none' AS code, 'no agency' AS detail WHERE NOT EXISTS (SELECT FROM agency)
UNION ALL
SELECT 'official_none', 'no account has the role official' WHERE NOT EXISTS (SELECT FROM account WHERE role = 'official')
UNION ALL
SELECT 'administrator_none', 'no account of the role administrator is in use'
WHERE NOT EXISTS (SELECT FROM account WHERE role = 'administrator' AND removed_at IS NULL AND disabled_at IS NULL)
UNION ALL
SELECT 'scheme_none', 'no classification' WHERE NOT EXISTS (SELECT FROM ipc_symbol)
UNION ALL
SELECT 'clock_back', format('the newest batch began at %s', max(started_at))
FROM load_batch HAVING max(started_at) > $1::timestamptz + interval '1 minute'
UNION ALL
SELECT 'batch_cut', format('batch %s: %s stopped after line %s', batch_id, file, last_line)
FROM load_batch
WHERE finished_at IS NULL AND started_at < $1::timestamptz - make_interval(secs => $2::int)
UNION ALL
SELECT 'step_failing', format('%s: %s', name, last_error) FROM step WHERE last_error IS NOT NULL
UNION ALL
SELECT 'step_late', format('%s was last done at %s', name, coalesce(last_success::text, 'no time'))
FROM step
WHERE led_since < $1::timestamptz - make_interval(secs => $2::int)
  AND (last_success IS NULL OR last_success < $1::timestamptz - make_interval(secs => $2::int))
UNION ALL
SELECT 'outbox_old', format('%s, the oldest since %s', count(*), min(next_attempt_at))
FROM outbox
WHERE state IN ('due', 'leased') AND next_attempt_at < $1::timestamptz - make_interval(secs => $2::int)
HAVING count(*) > 0
UNION ALL
SELECT 'outbox_dead', format('%s, the newest of %s', count(*), max(finished_at)) FROM outbox WHERE state = 'dead' HAVING count(*) > 0
UNION ALL
SELECT 'endpoint_off', format('%s of %s: %s', p.channel, e.uscc, p.disabled_reason)
FROM endpoint p JOIN enterprise e ON e.enterprise_id = p.enterprise_id
WHERE p.disabled_at IS NOT NULL AND p.disabled_reason <> 'removed'
  AND NOT EXISTS (SELECT FROM endpoint n WHERE n.enterprise_id = p.enterprise_id AND n.agency_id = p.agency_id
                                           AND n.channel = p.channel AND n.disabled_at IS NULL)
UNION ALL
SELECT 'endpoint_held', format('%s of %s, until %s after %s failures', p.channel, e.uscc, p.hold_until, p.failures)
FROM endpoint p JOIN enterprise e ON e.enterprise_id = p.enterprise_id
WHERE p.disabled_at IS NULL AND p.hold_until > $1::timestamptz
UNION ALL
SELECT 'feed_failing', format('feed %s, %s times in a row: %s', feed_id, failures, coalesce(message, outcome, '?'))
FROM feed WHERE off_at IS NULL AND failures >= 3
UNION ALL
SELECT 'feed_off', format('feed %s: %s', feed_id, off_reason) FROM feed WHERE off_at IS NOT NULL AND off_reason <> 'removed'
UNION ALL
SELECT 'key_ending', format('"%s" (%s) on %s', name, key_id, expires_at::date)
FROM api_key
WHERE revoked_at IS NULL AND expires_at > $1::timestamptz AND expires_at < $1::timestamptz + interval '14 days'
UNION ALL
SELECT 'match_behind', format('%s standing needs were never weighed', count(*))
FROM need n
WHERE n.state IN ('submitted', 'accepted') AND (n.valid_to IS NULL OR n.valid_to >= $1::timestamptz::date)
  AND n.recorded_at < $1::timestamptz - make_interval(secs => $2::int)
  AND EXISTS (SELECT FROM patent)
  AND NOT EXISTS (SELECT FROM match_progress p WHERE p.need_id = n.need_id)
HAVING count(*) > 0
