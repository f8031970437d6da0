-- What /metrics says of the database: one row a sample.
-- $1 timestamptz: now
-- -> name text, labels jsonb, value float8
SELECT 'patbridge_outbox_rows' AS name, jsonb_build_object('state', s.state) AS labels, count(o.outbox_id)::float8 AS value
FROM (VALUES ('due'), ('leased'), ('dead')) s (state) LEFT JOIN outbox o ON o.state = s.state GROUP BY s.state
UNION ALL
SELECT 'patbridge_outbox_oldest_seconds', '{}', coalesce(extract(epoch FROM $1::timestamptz - min(created_at)), 0)::float8
FROM outbox WHERE state IN ('due', 'leased')
UNION ALL
SELECT 'patbridge_push_attempts_total', jsonb_build_object('channel', o.channel, 'outcome', t.outcome), count(*)::float8
FROM attempt t JOIN outbox o ON o.outbox_id = t.outbox_id GROUP BY o.channel, t.outcome
UNION ALL
SELECT 'patbridge_push_events_total', jsonb_build_object('channel', channel, 'event', event), count(*)::float8
FROM push_event GROUP BY channel, event
UNION ALL
SELECT 'patbridge_load_rows_total', jsonb_build_object('kind', b.kind, 'outcome', v.outcome), sum(v.rows)::float8
FROM load_batch b
CROSS JOIN LATERAL (VALUES ('new', b.new), ('changed', b.changed), ('same', b.same), ('refused', b.refused)) v (outcome, rows)
GROUP BY b.kind, v.outcome
UNION ALL
SELECT 'patbridge_load_seconds_total', jsonb_build_object('kind', kind), sum(extract(epoch FROM finished_at - started_at))::float8
FROM load_batch WHERE finished_at IS NOT NULL GROUP BY kind
UNION ALL
SELECT 'patbridge_last_success_timestamp_seconds', jsonb_build_object('step', s.step), extract(epoch FROM max(s.at))::float8
FROM (SELECT 'load' AS step, max(finished_at) AS at FROM load_batch
      UNION ALL SELECT 'match', max(matched_at) FROM match_progress
      UNION ALL SELECT 'push', max(created_at) FROM push
      UNION ALL SELECT name, last_success FROM step) s
WHERE s.at IS NOT NULL
GROUP BY s.step
UNION ALL
SELECT 'patbridge_step_runs_total', jsonb_build_object('step', name, 'outcome', v.outcome), v.runs::float8
FROM step CROSS JOIN LATERAL (VALUES ('done', runs - failures), ('failed', failures)) v (outcome, runs)
UNION ALL
SELECT 'patbridge_step_seconds', jsonb_build_object('step', name), last_took_ms / 1000.0 FROM step WHERE last_took_ms IS NOT NULL
UNION ALL
SELECT 'patbridge_step_fence', jsonb_build_object('step', name), fence::float8 FROM step
UNION ALL
SELECT 'patbridge_' || g.key, '{}', sum((g.value)::float8) FROM step CROSS JOIN LATERAL jsonb_each_text(gauges) g GROUP BY g.key
ORDER BY 1, 2
