-- 0024 signin: who comes in by a name and a password, or by a link (sql/signin.h).
-- An account may be an enterprise's, and may be put out of use for a while. Both nullable: what the ledger knows of a row stays so.
ALTER TABLE account ADD COLUMN enterprise_id bigint;      -- of the role enterprise
ALTER TABLE account ADD COLUMN disabled_at timestamptz;   -- null: in use. removed_at is for ever, this is not

-- An agency's session sees its own accounts, and changes none.
REVOKE INSERT, UPDATE ON account FROM patbridge_service;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON account TO patbridge_service USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON account TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON account FOR SELECT TO patbridge_readonly USING (true);

-- patbridge_signin: what patbridge_across may, and alone to read and write passwords, sessions and what is beside them.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'patbridge_signin') THEN
            CREATE ROLE patbridge_signin NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server is being migrated at the same moment
    END;
    IF NOT pg_has_role('patbridge_signin', 'patbridge_across', 'MEMBER') THEN
        GRANT patbridge_across TO patbridge_signin;
    END IF;
    IF NOT pg_has_role(current_user, 'patbridge_signin', 'MEMBER') THEN
        EXECUTE format('GRANT patbridge_signin TO %I', current_user);
    END IF;
END
$$;

-- All of these are local to the coordinator.
CREATE TABLE credential (
    account text NOT NULL,
    password_hash text NOT NULL,         -- Argon2id, as libsodium writes it
    given boolean NOT NULL,              -- somebody else knows it: to be changed at the first sign-in
    set_at timestamptz NOT NULL,
    totp_sealed bytea,                   -- the secret of one-time codes, under the sealing key; null: none
    totp_since timestamptz,              -- null: not confirmed by a code yet, and not asked for
    totp_step bigint NOT NULL DEFAULT 0  -- the step of the last code that was taken: none is taken twice
);
CREATE TABLE session (
    session_id text NOT NULL,            -- the part of its token that may be shown
    digest text NOT NULL,                -- SHA-256 of the other part, hexadecimal
    account text,                        -- null: it began by a link, and there is no account
    agency_id int,                       -- of a link, as the next
    enterprise_id bigint,
    address text NOT NULL,               -- a keyed digest of where it came from, '' where nobody said
    made_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,        -- to the minute
    idle_s int NOT NULL,                 -- it ends when it was not used for so long,
    ends_at timestamptz NOT NULL,        -- or at this moment,
    ended_at timestamptz,                -- or was ended
    ended_why text
);
-- How often it was tried in vain, for a name, an address, or both: keyed digests, for what is typed as a name may be a password.
CREATE TABLE signin_attempt (
    scope text NOT NULL,
    subject text NOT NULL,
    failures int NOT NULL,
    last_at timestamptz NOT NULL,
    until timestamptz                    -- nothing is tried before
);
-- Failures that follow one another, so that the ledger is told of the first and of their number.
CREATE TABLE signin_burst (
    account text NOT NULL,               -- '': names that are nobody's
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    failures bigint NOT NULL,
    told boolean NOT NULL DEFAULT false  -- the ledger knows of the first
);
-- Links by which an enterprise comes in once: invitations, and those of pushes once they were used.
CREATE TABLE signin_link (
    link text NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    used_at timestamptz
);
ALTER TABLE credential ADD PRIMARY KEY (account);
ALTER TABLE session ADD PRIMARY KEY (session_id);
ALTER TABLE session ADD CHECK ((account IS NULL) = (agency_id IS NOT NULL AND enterprise_id IS NOT NULL));
ALTER TABLE signin_attempt ADD PRIMARY KEY (scope, subject);
ALTER TABLE signin_burst ADD PRIMARY KEY (account);
ALTER TABLE signin_link ADD PRIMARY KEY (link);
CREATE INDEX session_account ON session (account, made_at);
CREATE INDEX session_ended ON session (ends_at);
CREATE INDEX signin_attempt_last ON signin_attempt (last_at);

GRANT ALL ON credential, session, signin_attempt, signin_burst, signin_link TO patbridge_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON credential, session, signin_attempt, signin_burst, signin_link TO patbridge_signin;
