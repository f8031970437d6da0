-- 0008 proposal: decisions that need a second official (the pack's four_eyes). Appended; it becomes a decision when another
-- official says the same. Local to the coordinator, as decisions are.
CREATE TABLE proposal (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY,
    agency_id int NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    verdict text NOT NULL,
    proposed_by text NOT NULL,
    os_user text NOT NULL,
    reason text NOT NULL,
    effective date NOT NULL,
    proposed_at timestamptz NOT NULL
);
ALTER TABLE proposal ADD PRIMARY KEY (proposal_id);
CREATE INDEX proposal_key ON proposal (agency_id, kind, key);
GRANT ALL ON proposal TO patbridge_owner;
GRANT SELECT ON proposal TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON proposal TO patbridge_across;
ALTER TABLE proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON proposal TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON proposal TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON proposal FOR SELECT TO patbridge_readonly USING (true);
