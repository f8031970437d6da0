-- Whether another official has proposed the same, and nothing was decided on this parameter since.
-- $1 text: policy; $2 text: clause; $3 text: name; $4 text: verdict; $5 jsonb or null: value; $6 text: by whom; $7 date: effective
-- -> confirmed bigint, 1 or 0
SELECT EXISTS (
    SELECT FROM parameter_decision p
    WHERE p.policy_id = $1::text AND p.clause = $2::text AND p.name = $3::text AND p.verdict = $4::text
        AND p.value IS NOT DISTINCT FROM $5::jsonb AND p.state = 'proposed' AND p.decided_by <> $6::text AND p.effective = $7::date
        AND NOT EXISTS (SELECT FROM parameter_decision d
                        WHERE d.policy_id = p.policy_id AND d.clause = p.clause AND d.name = p.name AND d.state = 'decided'
                            AND d.decided_at > p.decided_at))::int::bigint AS confirmed
