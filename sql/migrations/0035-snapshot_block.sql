-- 0035 snapshot_block: lines of official snapshots, some hundreds together and as their file has them: a row of their own for each cost more
-- than the line. Snapshots that were taken before stay where they are, in snapshot_line. Local to the coordinator; appended, never changed.
CREATE TABLE snapshot_block (
    snapshot_id bigint NOT NULL,
    n bigint NOT NULL,   -- the number of its first line
    lines text NOT NULL  -- "CHAIN BODY LF" of each
);
ALTER TABLE snapshot_block ADD PRIMARY KEY (snapshot_id, n);
DO $$
BEGIN
    ALTER TABLE snapshot_block ALTER COLUMN lines SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN -- a server that was built without it
    NULL;
END
$$;
GRANT ALL ON snapshot_block TO patbridge_owner;
GRANT SELECT, INSERT ON snapshot_block TO patbridge_across;
GRANT SELECT ON snapshot_block TO patbridge_readonly;
