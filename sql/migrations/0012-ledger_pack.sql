-- 0012 ledger_pack: what a load brings anew, in the ledger as the lines that are hashed. The loader reckons the digests from what it
-- sends, and nothing is indexed by row: a load of many rows pays for the rows, and little for being provable (docs/ledger.md, "Rows").
CREATE TABLE ledger_pack (
    seq bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    part int NOT NULL,        -- 0, 1, 2 …: the lines of an entry's source in their order
    rows int NOT NULL,
    at timestamptz NOT NULL,  -- first_recorded_at (recorded_at, where a source has no other) of every one of the rows
    least bigint NOT NULL,    -- of the ids of the records that the rows are of
    most bigint NOT NULL,
    lines text NOT NULL       -- "source TAB key TAB TAB after LF", in the order of keys
);
ALTER TABLE ledger_pack ALTER COLUMN lines SET STORAGE EXTERNAL; -- digests don't get smaller
ALTER TABLE ledger_pack ADD PRIMARY KEY (seq, source, part);
CREATE INDEX ledger_pack_at ON ledger_pack (source, at);
CREATE INDEX ledger_row_seq ON ledger_row (seq);
GRANT ALL ON ledger_pack TO patbridge_owner;
GRANT SELECT, INSERT ON ledger_pack TO patbridge_across;
GRANT SELECT ON ledger_pack TO patbridge_readonly;
-- They take other arguments from here on.
DROP FUNCTION IF EXISTS ledger_note(bigint, text, text, text[], boolean);
DROP FUNCTION IF EXISTS ledger_append(jsonb, jsonb, timestamptz);
