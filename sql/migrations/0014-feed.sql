-- 0014 feed: families of patents, and where an agency's records come from by themselves: an address that is fetched, or a folder that is watched. The latter is
-- local to the coordinator.
ALTER TABLE patent ADD COLUMN family text[]; -- numbers of its members, or the family's own, in capitals without blanks
CREATE INDEX patent_family ON patent USING gin (family) WHERE family IS NOT NULL;

CREATE TABLE feed (
    feed_id bigint NOT NULL,
    agency_id int NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,          -- https://…, or the path of a folder
    options jsonb NOT NULL,         -- as service/feed/feeds.h describes them
    every_s int NOT NULL,           -- how often it is looked at
    created_at timestamptz NOT NULL,
    off_at timestamptz,             -- null: in use
    off_reason text,
    next_at timestamptz NOT NULL,   -- when it is looked at again
    tried_at timestamptz,
    loaded_at timestamptz,          -- when something new was last loaded
    failures int NOT NULL DEFAULT 0, -- in a row
    outcome text,                   -- of the last try: loaded, same, refused, later, off
    message text,
    etag text,                      -- of what was loaded last, as the server gave it
    last_modified text,
    page text,                      -- of several pages: the one to go on with; null: from the beginning
    batch_id bigint                 -- the last load
);
ALTER TABLE feed ADD PRIMARY KEY (feed_id);
CREATE UNIQUE INDEX feed_address ON feed (agency_id, kind, address) WHERE off_at IS NULL;
GRANT ALL ON feed TO patbridge_owner;
GRANT SELECT ON feed TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON feed TO patbridge_service, patbridge_across;
ALTER TABLE feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON feed TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON feed TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON feed FOR SELECT TO patbridge_readonly USING (true);
