-- 0005 policy facts: what the clauses beside the base database rest on. Each belongs to one agency; earlier versions are kept in
-- fact_version under the kind's name. All of them are reference tables on Citus.

CREATE TABLE open_licence (
    open_licence_id bigint NOT NULL,
    agency_id int NOT NULL,
    patent text NOT NULL, -- a number in normal form, without check; patent_alias leads from it
    patentee text NOT NULL,
    statement_number text,
    published_date date NOT NULL,
    fee_terms text NOT NULL,
    valid_to date,
    industry text,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE loan (
    loan_id bigint NOT NULL,
    agency_id int NOT NULL,
    contract_number text NOT NULL,
    bank text NOT NULL,
    borrower_uscc text NOT NULL,
    granted_fen bigint NOT NULL,
    drawn_date date NOT NULL,
    rights jsonb NOT NULL, -- [{type, number}]; the money belongs to the contract
    collateral text NOT NULL, -- ip_only, ip_and_real_estate, ip_and_other
    real_estate_appraised_fen bigint,
    real_estate_credit_fen bigint, -- the credit that the bank gives on the real estate
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE sale (
    sale_id bigint NOT NULL,
    agency_id int NOT NULL,
    invoice text NOT NULL,
    client text NOT NULL,
    amount_fen bigint NOT NULL, -- negative: a credit note
    date date NOT NULL,
    service text NOT NULL,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE event (
    event_id bigint NOT NULL,
    agency_id int NOT NULL,
    key text NOT NULL, -- name/start, folded
    name text NOT NULL,
    kind text NOT NULL, -- summit, forum, exhibition, fair, contest
    partner text NOT NULL,
    announced_date date, -- when the bureau was told
    start date NOT NULL,
    "end" date NOT NULL,
    attendance int NOT NULL,
    place text,
    subject text,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE navigation_project (
    navigation_project_id bigint NOT NULL,
    agency_id int NOT NULL,
    key text NOT NULL, -- name/enterprise_uscc, the name folded
    name text NOT NULL,
    enterprise_uscc text NOT NULL,
    approved_date date,
    approval_number text,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE attorney (
    attorney_id bigint NOT NULL,
    agency_id int NOT NULL,
    practice_number text NOT NULL,
    name text NOT NULL,
    practising_from date,
    practising_to date,
    contract_from date NOT NULL,
    contract_to date NOT NULL,
    service_from date NOT NULL,
    service_to date,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- A case that the agency won: the kind `case`, a word that SQL keeps to itself.
CREATE TABLE success_case (
    case_id bigint NOT NULL,
    agency_id int NOT NULL,
    number text NOT NULL,
    kind text NOT NULL, -- licence, invalidation, litigation
    client text NOT NULL,
    succeeded_date date NOT NULL,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE client (
    client_id bigint NOT NULL,
    agency_id int NOT NULL,
    key text NOT NULL, -- name, folded
    name text NOT NULL,
    uscc text,
    top500_year int,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE platform_review (
    platform_review_id bigint NOT NULL,
    agency_id int NOT NULL,
    approval_number text NOT NULL,
    approved_date date NOT NULL,
    functions jsonb NOT NULL DEFAULT '[]', -- [{kind, evidence}]
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('open_licence');
        PERFORM create_reference_table('loan');
        PERFORM create_reference_table('sale');
        PERFORM create_reference_table('event');
        PERFORM create_reference_table('navigation_project');
        PERFORM create_reference_table('attorney');
        PERFORM create_reference_table('success_case');
        PERFORM create_reference_table('client');
        PERFORM create_reference_table('platform_review');
    END IF;
END
$$;

ALTER TABLE open_licence ADD PRIMARY KEY (open_licence_id);
CREATE UNIQUE INDEX open_licence_key ON open_licence (agency_id, patent);
ALTER TABLE open_licence ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE loan ADD PRIMARY KEY (loan_id);
CREATE UNIQUE INDEX loan_key ON loan (agency_id, contract_number);
ALTER TABLE loan ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE sale ADD PRIMARY KEY (sale_id);
CREATE UNIQUE INDEX sale_key ON sale (agency_id, invoice);
ALTER TABLE sale ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE event ADD PRIMARY KEY (event_id);
CREATE UNIQUE INDEX event_key ON event (agency_id, key);
ALTER TABLE event ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE navigation_project ADD PRIMARY KEY (navigation_project_id);
CREATE UNIQUE INDEX navigation_project_key ON navigation_project (agency_id, key);
ALTER TABLE navigation_project ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE attorney ADD PRIMARY KEY (attorney_id);
CREATE UNIQUE INDEX attorney_key ON attorney (agency_id, practice_number);
ALTER TABLE attorney ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE success_case ADD PRIMARY KEY (case_id);
CREATE UNIQUE INDEX success_case_key ON success_case (agency_id, number);
ALTER TABLE success_case ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE client ADD PRIMARY KEY (client_id);
CREATE UNIQUE INDEX client_key ON client (agency_id, key);
ALTER TABLE client ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE platform_review ADD PRIMARY KEY (platform_review_id);
CREATE UNIQUE INDEX platform_review_key ON platform_review (agency_id, approval_number);
ALTER TABLE platform_review ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE loan ADD CHECK (collateral IN ('ip_only', 'ip_and_real_estate', 'ip_and_other'));
ALTER TABLE event ADD CHECK (kind IN ('summit', 'forum', 'exhibition', 'fair', 'contest'));
ALTER TABLE success_case ADD CHECK (kind IN ('licence', 'invalidation', 'litigation'));
CREATE INDEX attorney_person ON attorney (practice_number);
CREATE INDEX loan_contract ON loan (contract_number);

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['open_licence', 'loan', 'sale', 'event', 'navigation_project', 'attorney', 'success_case', 'client',
                                   'platform_review'] LOOP
        EXECUTE format('GRANT ALL ON %I TO patbridge_owner', guarded);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO patbridge_service, patbridge_across', guarded);
        EXECUTE format('GRANT SELECT ON %I TO patbridge_readonly', guarded);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY own_agency ON %I TO patbridge_service '
                       'USING (agency_id = nullif(current_setting(''patbridge.agency'', true), '''')::int)', guarded);
        EXECUTE format('CREATE POLICY across ON %I TO patbridge_across, patbridge_owner USING (true)', guarded);
        EXECUTE format('CREATE POLICY reading ON %I FOR SELECT TO patbridge_readonly USING (true)', guarded);
    END LOOP;
END
$$;
