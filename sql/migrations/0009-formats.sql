-- 0009 formats: refused rows of workbooks (a line of one sheet is not that of another), and mappings that are found again by
-- the header of a file. All of it is local to the coordinator.
ALTER TABLE refused_row ADD COLUMN place bigint; -- grows from row to row of the file; the line where there is but one table
ALTER TABLE refused_row ADD COLUMN sheet text;
UPDATE refused_row SET place = line;
ALTER TABLE refused_row ALTER COLUMN place SET NOT NULL;
ALTER TABLE refused_row DROP CONSTRAINT refused_row_pkey;
ALTER TABLE refused_row ADD PRIMARY KEY (batch_id, place);

CREATE TABLE saved_mapping (
    agency_id int NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,       -- of the source, in the agency's words
    header_key text NOT NULL, -- the names of the header's columns as they are compared, a line each
    mapping text NOT NULL,    -- the JSON of load --map
    saved_at timestamptz NOT NULL
);
ALTER TABLE saved_mapping ADD PRIMARY KEY (agency_id, kind, name);
GRANT ALL ON saved_mapping TO patbridge_owner;
GRANT SELECT ON saved_mapping TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE, DELETE ON saved_mapping TO patbridge_service, patbridge_across;
ALTER TABLE saved_mapping ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_mapping FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON saved_mapping TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON saved_mapping TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON saved_mapping FOR SELECT TO patbridge_readonly USING (true);
