-- 0001 tables: what is kept. Keys and references follow in 0003, after the distribution.
--
-- Where a table lives on Citus (the same files run on plain PostgreSQL):
--   distributed by patent_id  patent, patent_version, patent_holding, patent_status, lead, push, push_event, feedback
--   distributed by number     patent_alias
--   reference                 agency, account, enterprise, expert, institution, their holdings, contact, need, deal, declared_push,
--                             policy
--   local to the coordinator  register_version, fact_version, load_batch, refused_row, decision, endpoint, outbox, attempt, match_progress
--
-- Time. A fact's claimed dates are `date`s of its own; recorded_at is the server's moment of recording this version of the
-- row, first_recorded_at of its first version. Earlier versions are kept whole in patent_version, register_version and fact_version,
-- valid from recorded_at to superseded_at: what was known at a moment can always be read again, and nothing counted is deleted.
-- change_seq grows with every version (a number of the sequence below): the matcher catches up by it.

CREATE SEQUENCE record_id;  -- ids of everything that is not a patent; one sequence, so that an id names one record
CREATE SEQUENCE change_seq; -- order of changes; drawn under the intake lock, hence in order of commit

CREATE TABLE agency (
    agency_id int NOT NULL, -- drawn from record_id
    code text NOT NULL,
    uscc text,
    name text NOT NULL,
    zone_settled_date date,
    zone_first boolean,
    zone_left_date date,
    staff_attorneys int,
    staff_lawyers int,
    entrusted_by text,
    entrusted_date date,
    pilot_open_licence boolean,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE account (
    name text NOT NULL,
    role text NOT NULL,
    agency_id int, -- null: not bound to one agency (officials, administrators)
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    invented boolean NOT NULL DEFAULT false
);

-- One row per application. patent_id = XXH3-64 of the first number known, made in C; it never changes.
-- provenance: field -> rank ("publication date publication number") of the row that its value came from, so that of two
-- publications the newer gives each value whatever the order of loading; the key "*" holds for every field not named.
CREATE TABLE patent (
    patent_id bigint NOT NULL,
    application_number text, -- as shown, CN201710027729.1
    publication_number text,
    kind text,
    type text,
    title text,
    abstract text,
    claims text,
    description text,
    applicants text[],
    assignees text[],
    inventors text[],
    ipc text[],
    cpc text[],
    locarno text[],
    keywords text[],
    application_date date,
    publication_date date,
    grant_date date,
    legal_status text,
    legal_status_date date,
    region text,
    address text,
    agent_institution text,
    offer jsonb,
    provenance jsonb NOT NULL DEFAULT '{}',
    merged_into bigint, -- this id was found to be the same application as that one; numbers lead there
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE patent_version (
    patent_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    record jsonb NOT NULL -- the whole row, as jsonb_populate_record(null::patent, record) reads it
);

-- Every number that leads to a patent: application numbers without check character (CN201710027729), publication numbers.
CREATE TABLE patent_alias (
    number text NOT NULL,
    patent_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- Legal status as history. In force on a day: the latest status_date not after it; one without a date holds always, below
-- every dated one; of several recordings for one date the last.
CREATE TABLE patent_status (
    patent_id bigint NOT NULL,
    status_date date, -- null: not said
    status text,      -- null: taken back
    recorded_at timestamptz NOT NULL,
    batch_id bigint
);

-- That an agency has a record, since when (a claim), and what only this agency says of it.
CREATE TABLE patent_holding (
    patent_id bigint NOT NULL,
    agency_id int NOT NULL,
    held_since date NOT NULL,
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz -- null: the row in force; the others are what was claimed before
);

CREATE TABLE enterprise (
    enterprise_id bigint NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL, -- folded, for comparing
    division_code text NOT NULL,
    industry text,
    products text[],
    profile text,
    qualifications jsonb NOT NULL DEFAULT '[]', -- [{kind, certificate, valid_from, valid_to}], one per kind and certificate
    affiliates text[],
    push jsonb NOT NULL DEFAULT '{}', -- {channels, weekly_limit, quiet}
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE expert (
    expert_id bigint NOT NULL,
    key text NOT NULL, -- name/employer, folded
    name text NOT NULL,
    employer text NOT NULL,
    fields text[] NOT NULL,
    ipc text[],
    title text,
    profile text,
    consent_date date,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE institution (
    institution_id bigint NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    code text,
    services text[],
    division_code text,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- Holdings of enterprises, experts and institutions: record_id is theirs (ids are unique across kinds).
CREATE TABLE record_holding (
    record_id bigint NOT NULL,
    agency_id int NOT NULL,
    kind text NOT NULL,
    source_id text, -- the agency's own name for the record
    held_since date NOT NULL,
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz
);

-- Personal data, apart from everything that counts, so that it can be erased by law without touching evidence.
CREATE TABLE contact (
    record_id bigint NOT NULL,
    agency_id int NOT NULL,
    contacts jsonb NOT NULL, -- [{name, phone, email, wecom, role}]; of a need: [{text}]
    batch_id bigint,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE need (
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    source_id text NOT NULL,
    enterprise_id bigint NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    ipc text[],
    cooperation text[],
    budget_fen bigint,
    valid_from date NOT NULL,
    valid_to date,
    state text NOT NULL DEFAULT 'submitted',
    accepted_date date, -- a claim; what counts is an official's decision
    accepted_by text,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- Pairs of needs of one enterprise, at whichever agency, that are alike above .5; the pack's parameter draws the line later.
CREATE TABLE need_pair (
    need_id bigint NOT NULL,
    other_id bigint NOT NULL,
    jaccard double precision NOT NULL,
    need_seq bigint NOT NULL,  -- change_seq of both when compared
    other_seq bigint NOT NULL
);

CREATE TABLE deal (
    deal_id bigint NOT NULL,
    agency_id int NOT NULL,
    contract_number text NOT NULL,
    registration_number text,
    registration_date date,
    mode text NOT NULL,
    rights jsonb NOT NULL, -- [{type, office, number}]; the view deal_right has one row each
    seller jsonb NOT NULL, -- {name, uscc}
    buyer jsonb NOT NULL,
    amount_fen bigint NOT NULL,
    payments jsonb NOT NULL DEFAULT '[]',
    contract_date date NOT NULL,
    affiliated boolean,
    led_by_agency boolean,
    implemented_division text,
    implemented_date date,
    upper_grant_fen bigint,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE declared_push (
    declared_push_id bigint NOT NULL,
    agency_id int NOT NULL,
    patent text NOT NULL, -- a number in normal form; patent_alias leads from it, so a merge of patents is followed by itself
    enterprise_uscc text NOT NULL,
    sent_date date NOT NULL,
    channel text NOT NULL,
    evidence jsonb NOT NULL,
    invented boolean NOT NULL DEFAULT false,
    source text,
    documents jsonb NOT NULL DEFAULT '[]',
    extra jsonb NOT NULL DEFAULT '{}',
    batch_id bigint,
    change_seq bigint NOT NULL,
    first_recorded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- Earlier versions of registers (agency, enterprise, expert, institution) and of facts: kind names the table, record is the
-- whole row, as jsonb_populate_record(null::need, record) reads it.
CREATE TABLE register_version (
    kind text NOT NULL,
    record_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    record jsonb NOT NULL
);

CREATE TABLE fact_version (
    kind text NOT NULL,
    record_id bigint NOT NULL,
    agency_id int NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    record jsonb NOT NULL
);

CREATE TABLE load_batch (
    batch_id bigint NOT NULL,
    agency_id int,
    kind text NOT NULL,
    file text NOT NULL,
    file_digest text NOT NULL, -- SHA-256 over content, mapping and claims: the same file again goes on where it stopped
    started_at timestamptz NOT NULL,
    finished_at timestamptz, -- null: still running, or killed
    last_line bigint NOT NULL DEFAULT 0, -- every record that begins on or before this line is in
    read bigint NOT NULL DEFAULT 0,
    new bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    same bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0
);

CREATE TABLE refused_row (
    batch_id bigint NOT NULL,
    agency_id int,
    line bigint NOT NULL,
    "column" text,
    value text,
    code text NOT NULL,
    reason text NOT NULL,
    reason_zh text NOT NULL,
    record jsonb -- the row as read
);

-- Officials' decisions: appended, never changed. key is the natural key in normal form.
CREATE TABLE decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY,
    agency_id int NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    verdict text NOT NULL, -- accept, reject, withdraw
    decided_by text NOT NULL,
    os_user text NOT NULL,
    reason text NOT NULL,
    effective date NOT NULL,
    decided_at timestamptz NOT NULL,
    invented boolean NOT NULL DEFAULT false
);

CREATE TABLE policy (
    policy_id text NOT NULL,
    version int NOT NULL,
    pack jsonb NOT NULL,
    digest text NOT NULL, -- SHA-256 of the file
    recorded_at timestamptz NOT NULL
);

-- A scored pair of patent and need.
CREATE TABLE lead (
    patent_id bigint NOT NULL,
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    score bigint NOT NULL,     -- the matcher's integer; the points of reasons sum to it
    fit double precision NOT NULL,         -- 0..1, see matcher/reason.h
    probability double precision NOT NULL, -- of "interested"; a prior until there is feedback to learn from
    rank int NOT NULL,         -- among this need's leads when weighed, from 1
    reasons jsonb NOT NULL,    -- [{text, kind, points}]
    model text NOT NULL,
    state text NOT NULL,       -- proposed, accepted, rejected, pushed, superseded
    change_seq bigint NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by text,
    decision_reason text
);

-- One patent sent to one enterprise for a stated reason; score, threshold and model are frozen here.
CREATE TABLE push (
    patent_id bigint NOT NULL,
    push_id uuid NOT NULL,
    origin_patent_id bigint NOT NULL, -- the id it was made under, should the patent have been merged since
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    score bigint NOT NULL,
    fit double precision NOT NULL,
    probability double precision NOT NULL,
    threshold double precision NOT NULL, -- the floor on fit when it was sent
    model text NOT NULL,
    reasons jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    invented boolean NOT NULL DEFAULT false
);

-- What happened to a push, the first time each: sent, accepted, opened, answered, bounced, failed.
CREATE TABLE push_event (
    patent_id bigint NOT NULL,
    push_id uuid NOT NULL,
    agency_id int NOT NULL,
    channel text NOT NULL,
    event text NOT NULL,
    at timestamptz NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    invented boolean NOT NULL DEFAULT false
);

CREATE TABLE feedback (
    patent_id bigint NOT NULL,
    feedback_id uuid NOT NULL,
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    answer text NOT NULL,  -- interested, not_fit, stop
    because text,          -- one of the codes
    note text,
    given_by text NOT NULL,
    at timestamptz NOT NULL,
    invented boolean NOT NULL DEFAULT false
);

-- Where an enterprise receives an agency's pushes, beside the inbox.
CREATE TABLE endpoint (
    endpoint_id bigint NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    channel text NOT NULL,
    url text NOT NULL,
    secret_sealed bytea NOT NULL, -- secretbox, nonce in front
    disabled_at timestamptz,
    disabled_reason text,
    created_at timestamptz NOT NULL
);

-- What must go over a wire; written in the transaction that makes the push.
CREATE TABLE outbox (
    outbox_id bigint NOT NULL,
    push_id uuid NOT NULL,
    patent_id bigint NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    endpoint_id bigint NOT NULL,
    channel text NOT NULL,
    body text NOT NULL, -- the bytes that are signed and sent
    state text NOT NULL DEFAULT 'due', -- due, leased, done, dead
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    leased_by text,
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);

CREATE TABLE attempt (
    outbox_id bigint NOT NULL,
    agency_id int NOT NULL,
    number int NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL, -- accepted, retry, dead, endpoint_off
    status int,            -- of HTTP; null when none came
    answer text,           -- cut
    error text
);

-- How far each need has been weighed: it in this version, against all patents up to that change.
CREATE TABLE match_progress (
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    need_seq bigint NOT NULL,
    patent_seq bigint NOT NULL,
    model text NOT NULL,
    matched_at timestamptz NOT NULL
);
