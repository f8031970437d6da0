-- 0015 service: who leads each step of the service, and what came of it. Local to the coordinator. Whoever leads holds an advisory
-- lock on the session that does the step's work; `fence` grows by one with each leader, and no transaction of the step begins
-- under an old number.
CREATE TABLE step (
    name text NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    leader text,            -- machine:process
    led_since timestamptz,
    beats bigint NOT NULL DEFAULT 0, -- grows once a second while its leader lives
    runs bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0,
    last_success timestamptz,
    last_failure timestamptz,
    last_took_ms bigint,
    last_error text,
    gauges jsonb NOT NULL DEFAULT '{}' -- what its last run measured: {name: number}
);
ALTER TABLE step ADD PRIMARY KEY (name);
ALTER TABLE step ADD CHECK (fence >= 0);

GRANT SELECT, INSERT, UPDATE ON step TO patbridge_across;
GRANT SELECT ON step TO patbridge_readonly;
GRANT ALL ON step TO patbridge_owner;

-- Pushing: how an endpoint fares, and the secret that a new one takes the place of.
ALTER TABLE endpoint ADD COLUMN failures int NOT NULL DEFAULT 0; -- in a row; from five on its breaker is open
ALTER TABLE endpoint ADD COLUMN hold_until timestamptz;          -- nothing goes there before
ALTER TABLE endpoint ADD COLUMN old_secret_sealed bytea;         -- signs beside the new one
ALTER TABLE endpoint ADD COLUMN old_secret_until timestamptz;    -- until then
-- The delivery log: what was sent, cut, without signatures, tokens and what is secret in an address.
ALTER TABLE attempt ADD COLUMN request text;
CREATE INDEX push_event_push ON push_event (push_id); -- the ledger looks events up by their push
CREATE INDEX attempt_started ON attempt (started_at);

-- A backup reads where the sequences stand.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO patbridge_owner;
