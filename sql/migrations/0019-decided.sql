-- 0019 decided: what officials decide on a policy's parameters. Appended, never changed: reversible by another decision. On Citus a
-- reference table, as policy_signature is.
CREATE TABLE parameter_decision (
    parameter_decision_id bigint GENERATED ALWAYS AS IDENTITY,
    policy_id text NOT NULL,
    version int NOT NULL,      -- of the pack that was in hand; it holds for later ones, too
    clause text NOT NULL,      -- its id; '': the whole pack's parameter
    name text NOT NULL,
    verdict text NOT NULL,     -- set, or withdraw: what the pack says holds again
    value jsonb,               -- null where it is withdrawn
    state text NOT NULL,       -- decided, or proposed: another official has to say the same
    decided_by text NOT NULL,
    os_user text NOT NULL,
    reason text NOT NULL,
    effective date NOT NULL,
    decided_at timestamptz NOT NULL
);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('parameter_decision');
    END IF;
END
$$;

ALTER TABLE parameter_decision ADD PRIMARY KEY (parameter_decision_id);
ALTER TABLE parameter_decision ADD CHECK (verdict IN ('set', 'withdraw') AND (verdict = 'set') = (value IS NOT NULL));
ALTER TABLE parameter_decision ADD CHECK (state IN ('decided', 'proposed'));
CREATE INDEX parameter_decision_policy ON parameter_decision (policy_id, decided_at);

GRANT ALL ON parameter_decision TO patbridge_owner;
GRANT SELECT ON parameter_decision TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON parameter_decision TO patbridge_across;
