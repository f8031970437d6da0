-- 0007 ledger: what can't be quietly changed. All of it is local to the coordinator (docs/ledger.md says how it is computed).
--   ledger         one entry for each transaction that changed something that can change a count; body is the text that is hashed
--   ledger_row     the digest of each row that an entry changed, before and after; no after: the row is gone
--   personal_salt  salts of the digests that stand for names of persons; erasing by law deletes them
--   document       papers handed in (attach), by their SHA-256
--   snapshot       official snapshots, and snapshot_line the lines of each, kept whole
CREATE TABLE ledger (
    seq bigint NOT NULL, -- 1, 2, 3 … without a gap
    body text NOT NULL,  -- the canonical JSON of the entry; holds the digest of the entry before
    digest text NOT NULL -- SHA-256 of body, 64 hexadecimal digits
);

CREATE TABLE ledger_row (
    seq bigint NOT NULL,
    source text COLLATE "C" NOT NULL, -- the table, or TABLE_version for the versions before
    key text COLLATE "C" NOT NULL,    -- the row's primary key, parts joined by /
    before bytea, -- null: the row is new
    after bytea   -- null: the row is gone (a merge of patents takes rows along)
);

CREATE TABLE personal_salt (
    value text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE document (
    document_id bigint NOT NULL,
    agency_id int NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    paper text, -- which of the papers that the policy asks for; null: not said
    name text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    attached_by text NOT NULL,
    os_user text NOT NULL,
    attached_at timestamptz NOT NULL
);

CREATE TABLE snapshot (
    snapshot_id bigint NOT NULL, -- 1, 2, 3 … without a gap
    policy_id text NOT NULL,
    version int NOT NULL,
    as_of date NOT NULL,
    known_at timestamptz NOT NULL,
    taken_at timestamptz NOT NULL,
    lines bigint NOT NULL,
    previous text NOT NULL, -- digest of the snapshot before
    digest text NOT NULL,   -- the chain at its last line
    public_key text NOT NULL,
    signature text NOT NULL -- Ed25519 over the digest's 64 digits
);

CREATE TABLE snapshot_line (
    snapshot_id bigint NOT NULL,
    n bigint NOT NULL,
    body text NOT NULL,
    chain text NOT NULL -- SHA-256 of the chain before, a line feed, and body
);

ALTER TABLE ledger ADD PRIMARY KEY (seq);
ALTER TABLE ledger_row ADD PRIMARY KEY (source, key, seq);
ALTER TABLE personal_salt ADD PRIMARY KEY (value);
ALTER TABLE document ADD PRIMARY KEY (document_id);
CREATE INDEX document_fact ON document (agency_id, kind, key);
ALTER TABLE snapshot ADD PRIMARY KEY (snapshot_id);
ALTER TABLE snapshot_line ADD PRIMARY KEY (snapshot_id, n);

GRANT ALL ON ledger, ledger_row, personal_salt, document, snapshot, snapshot_line TO patbridge_owner;
-- Appended, never changed: no UPDATE, no DELETE. Salts alone may be deleted, for that is how a name is erased.
GRANT SELECT, INSERT ON ledger, ledger_row, personal_salt, document, snapshot, snapshot_line TO patbridge_across;
GRANT SELECT ON ledger, ledger_row, personal_salt, document, snapshot, snapshot_line TO patbridge_readonly;
GRANT SELECT, INSERT ON document TO patbridge_service;
GRANT DELETE ON personal_salt TO patbridge_across;

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON document TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON document TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON document FOR SELECT TO patbridge_readonly USING (true);
