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

-- Speed: the status in force of one patent is the first entry of this index that still stands.
CREATE INDEX patent_status_counting ON patent_status (patent_id, status_date DESC NULLS LAST, recorded_at DESC) INCLUDE (status);

CREATE INDEX decision_moment ON decision (decided_at);

-- Rows behind a number that were counted, kept so that their pages need no counting again (views/398-kept.sql). All of it may be thrown
-- away at any time, and is with a crash of the server. Local to the coordinator.
--   track_rows   a set of rows; what: as in track_kept; known_at: the moment at which they are true; snapshot: the state of the database in
--                which they were counted, null where the moment lies in the past
CREATE UNLOGGED TABLE track_rows (
    rows_id bigint GENERATED ALWAYS AS IDENTITY,
    what text NOT NULL,
    metric text NOT NULL,
    agency_id int NOT NULL,
    known_at timestamptz NOT NULL,
    snapshot pg_snapshot,
    kept_at timestamptz NOT NULL
);
CREATE UNLOGGED TABLE track_row (
    rows_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    counted boolean NOT NULL,
    body jsonb NOT NULL
);
ALTER TABLE track_rows ADD PRIMARY KEY (rows_id);
CREATE INDEX track_rows_what ON track_rows (what, known_at);
CREATE INDEX track_row_key ON track_row (rows_id, key);
GRANT ALL ON track_rows, track_row TO patbridge_owner;
GRANT SELECT ON track_rows, track_row TO patbridge_readonly;
GRANT SELECT, INSERT, DELETE ON track_rows, track_row TO patbridge_across;

-- A backup reads where the sequences stand.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO patbridge_owner;
