-- 0010 scheme: the classification in force, so that symbols of older editions can be led to what lives of them. Local to the
-- coordinator; everybody reads it.
CREATE TABLE ipc_symbol (
    symbol text COLLATE "C" NOT NULL, -- in normal form, "G06F17/30"
    level text NOT NULL,              -- section, class, subclass, group
    parent text COLLATE "C",          -- the symbol above, by the dots where the scheme gives them
    title text NOT NULL,
    loaded_at timestamptz NOT NULL
);
ALTER TABLE ipc_symbol ADD PRIMARY KEY (symbol);
GRANT ALL ON ipc_symbol TO patbridge_owner;
GRANT SELECT ON ipc_symbol TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON ipc_symbol TO patbridge_across;

-- Batches that were withdrawn: the file that a batch came from counts as never loaded.
CREATE TABLE batch_undo (
    batch_id bigint NOT NULL,
    agency_id int NOT NULL,
    undone_at timestamptz NOT NULL,
    undone_by text NOT NULL,
    withdrawn bigint NOT NULL,
    restored bigint NOT NULL,
    kept bigint NOT NULL
);
ALTER TABLE batch_undo ADD PRIMARY KEY (batch_id, undone_at);
GRANT ALL ON batch_undo TO patbridge_owner;
GRANT SELECT ON batch_undo TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON batch_undo TO patbridge_across;
ALTER TABLE batch_undo ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_undo FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON batch_undo TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON batch_undo TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON batch_undo FOR SELECT TO patbridge_readonly USING (true);

-- What a person said of a refused row without a credit code that bears the name of a known organisation: that it is that one, or
-- that it is not. What nobody has said anything of is found among the refused rows themselves.
CREATE TABLE same_name (
    agency_id int NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,  -- MD5 of the row as it was read: the row of another load of the same file is the same
    state text NOT NULL,   -- accepted, rejected, open (what was said is taken back)
    uscc text,             -- accepted: which one
    loaded_batch bigint,   -- accepted: the batch by which the row came in
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL
);
ALTER TABLE same_name ADD PRIMARY KEY (agency_id, kind, digest);
GRANT ALL ON same_name TO patbridge_owner;
GRANT SELECT ON same_name TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON same_name TO patbridge_service, patbridge_across;
ALTER TABLE same_name ENABLE ROW LEVEL SECURITY;
ALTER TABLE same_name FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON same_name TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON same_name TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON same_name FOR SELECT TO patbridge_readonly USING (true);

-- patbridge_undo: what patbridge_across may, and to take facts out of their tables, once they stand in fact_version. Only undo_facts()
-- does so, and only for the time of taking a batch back.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'patbridge_undo') THEN
            CREATE ROLE patbridge_undo NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server is being migrated at the same moment
    END;
    IF NOT pg_has_role('patbridge_undo', 'patbridge_across', 'MEMBER') THEN
        GRANT patbridge_across TO patbridge_undo;
    END IF;
    IF NOT pg_has_role(current_user, 'patbridge_undo', 'MEMBER') THEN
        EXECUTE format('GRANT patbridge_undo TO %I', current_user);
    END IF;
END
$$;
GRANT DELETE ON need, deal, declared_push, open_licence, loan, sale, event, navigation_project, attorney, success_case, client,
    platform_review TO patbridge_undo;
