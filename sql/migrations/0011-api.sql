-- 0011 api: keys of the HTTP interface, and answers kept for a day so that a request sent twice is done once. Both are local to
-- the coordinator, and only patbridge_across reaches them: no agency's session can read a key.
CREATE TABLE api_key (
    key_id text NOT NULL,         -- the part of the key that may be shown
    name text NOT NULL,           -- what for, in its owner's words
    secret_digest text NOT NULL,  -- SHA-256 of the other part, hexadecimal; that part has 256 random bits
    role text NOT NULL,
    account text,                 -- the account that decides and answers in its name; officials need one
    agency_id int,                -- null: not bound to one agency (officials, administrators)
    enterprise_id bigint,         -- the enterprise that asks, for the role enterprise
    rate_per_minute int NOT NULL, -- requests; 0: no limit
    created_at timestamptz NOT NULL,
    expires_at timestamptz,       -- null: never
    revoked_at timestamptz,
    last_used_at timestamptz,     -- to the minute
    invented boolean NOT NULL DEFAULT false
);
ALTER TABLE api_key ADD PRIMARY KEY (key_id);
ALTER TABLE api_key ADD CHECK (role IN ('administrator', 'agency_manager', 'agency_clerk', 'official', 'enterprise'));
ALTER TABLE api_key ADD CHECK ((agency_id IS NOT NULL) = (role IN ('agency_manager', 'agency_clerk', 'enterprise')));
ALTER TABLE api_key ADD CHECK ((enterprise_id IS NOT NULL) = (role = 'enterprise'));

CREATE TABLE api_answer (
    key_id text NOT NULL,
    idempotency_key text NOT NULL,
    request_digest text NOT NULL, -- SHA-256 over method, target and body
    begun_at timestamptz NOT NULL,
    status int,                   -- null: being worked on
    type text,
    etag text,
    body text
);
ALTER TABLE api_answer ADD PRIMARY KEY (key_id, idempotency_key);
CREATE INDEX api_answer_begun ON api_answer (begun_at);

GRANT SELECT, INSERT, UPDATE ON api_key TO patbridge_across;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_answer TO patbridge_across;
GRANT ALL ON api_key, api_answer TO patbridge_owner;
