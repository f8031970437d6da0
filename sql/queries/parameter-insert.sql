-- Records what an official decided on a parameter, or proposes.
-- $1 text: policy; $2 int: version; $3 text: clause, '' for the whole pack; $4 text: name; $5 text: verdict; $6 jsonb or null: value;
-- $7 text: state; $8 text: by whom; $9 text: the operating system's user; $10 text: reason; $11 date: effective; $12 timestamptz: now
-- -> parameter_decision_id bigint
INSERT INTO parameter_decision (policy_id, version, clause, name, verdict, value, state, decided_by, os_user, reason, effective, decided_at)
VALUES ($1::text, $2::int, $3::text, $4::text, $5::text, $6::jsonb, $7::text, $8::text, $9::text, $10::text, $11::date,
        $12::timestamptz)
RETURNING parameter_decision_id
