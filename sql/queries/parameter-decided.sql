-- What is decided on a policy's parameters: of each the latest effective day wins, then the later decision.
-- $1 text: policy; $2 date: as of; $3 timestamptz: known at; $4 text: the pack's time zone
-- -> clause, name text, value jsonb, by, reason text, effective date, at text, late boolean (decided after the day from which it holds)
SELECT d.clause, d.name, d.value, d.decided_by AS by, d.reason, d.effective,
       to_char(d.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       decision_is_late(d.effective, d.decided_at, $4::text) AS late
FROM (SELECT DISTINCT ON (p.clause, p.name) p.*
      FROM parameter_decision p
      WHERE p.policy_id = $1::text AND p.state = 'decided' AND p.effective <= $2::date AND p.decided_at <= $3::timestamptz
      ORDER BY p.clause, p.name, p.effective DESC, p.decided_at DESC, p.parameter_decision_id DESC) d
WHERE d.verdict = 'set'
ORDER BY d.clause, d.name
