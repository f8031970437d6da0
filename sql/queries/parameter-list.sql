-- Everything that was decided or proposed on a policy's parameters, in its order.
-- $1 text: policy
-- -> clause, parameter, verdict text, value jsonb, state, by, reason text, effective date, at text, version int
SELECT p.clause, p.name AS parameter, p.verdict, p.value, p.state, p.decided_by AS by, p.reason, p.effective,
       to_char(p.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, p.version
FROM parameter_decision p WHERE p.policy_id = $1::text ORDER BY p.parameter_decision_id
