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

-- A fact that is withdrawn moves to fact_version, whole; what was known before stays readable.
GRANT DELETE ON need, deal, declared_push, open_licence, loan, sale, event, navigation_project, attorney, success_case, client,
    platform_review TO patbridge_across;
