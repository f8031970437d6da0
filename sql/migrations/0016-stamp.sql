-- 0016 stamp: time-stamps of a third party (RFC 3161) on snapshots. Local to the coordinator; appended, never changed.
CREATE TABLE snapshot_stamp (
    snapshot_id bigint NOT NULL,
    stamped_at timestamptz NOT NULL, -- when it came in, by our clock; the authority's stands in the answer
    authority text NOT NULL,         -- the address that was asked
    answer text NOT NULL             -- the TimeStampResp as it came, base64
);
ALTER TABLE snapshot_stamp ADD PRIMARY KEY (snapshot_id, stamped_at);
GRANT ALL ON snapshot_stamp TO patbridge_owner;
GRANT SELECT, INSERT ON snapshot_stamp TO patbridge_across;
GRANT SELECT ON snapshot_stamp TO patbridge_readonly;
