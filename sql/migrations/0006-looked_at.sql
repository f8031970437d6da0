-- 0006 looked at: what officials say of a policy's version, and of things that look odd. Appended, never changed; neither changes a
-- count. policy_signature is a reference table on Citus, oddity_mark is local to the coordinator.

CREATE TABLE policy_signature (
    policy_id text NOT NULL,
    version int NOT NULL,
    digest text NOT NULL, -- of the pack that was signed off
    signed_by text NOT NULL,
    os_user text NOT NULL,
    reason text NOT NULL,
    signed_at timestamptz NOT NULL
);

CREATE TABLE oddity_mark (
    mark_id bigint GENERATED ALWAYS AS IDENTITY,
    agency_id int, -- whose rows the oddity is about; null: of several agencies
    rule text NOT NULL,
    key text NOT NULL,
    marked_by text NOT NULL,
    os_user text NOT NULL,
    reason text NOT NULL,
    marked_at timestamptz NOT NULL
);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('policy_signature');
    END IF;
END
$$;

ALTER TABLE policy_signature ADD PRIMARY KEY (policy_id, version, signed_at);
ALTER TABLE policy_signature ADD FOREIGN KEY (policy_id, version) REFERENCES policy;
ALTER TABLE oddity_mark ADD PRIMARY KEY (mark_id);
CREATE INDEX oddity_mark_key ON oddity_mark (rule, key);

GRANT ALL ON policy_signature, oddity_mark TO patbridge_owner;
GRANT SELECT ON policy_signature, oddity_mark TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON policy_signature, oddity_mark TO patbridge_across;

ALTER TABLE oddity_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE oddity_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON oddity_mark TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON oddity_mark TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON oddity_mark FOR SELECT TO patbridge_readonly USING (true);
