-- 0036 patent_lookup: that an enterprise, signed in, looked a patent of an agency up, the first time. Clause 4.2's deals rest on it as on a
-- push. Distributed by patent_id. Appended, never changed; only where patents are found to be one does it follow its patent.
CREATE TABLE patent_lookup (
    patent_id bigint NOT NULL,
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    looked_by text NOT NULL, -- an account, or a session of a link
    at timestamptz NOT NULL, -- the server's moment
    invented boolean NOT NULL DEFAULT false
);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_distributed_table('patent_lookup', 'patent_id', colocate_with => 'patent');
    END IF;
END
$$;

ALTER TABLE patent_lookup ADD PRIMARY KEY (patent_id, agency_id, enterprise_id);
ALTER TABLE patent_lookup ADD FOREIGN KEY (patent_id) REFERENCES patent;
ALTER TABLE patent_lookup ADD FOREIGN KEY (enterprise_id) REFERENCES enterprise;
ALTER TABLE patent_lookup ADD FOREIGN KEY (agency_id) REFERENCES agency;

GRANT ALL ON patent_lookup TO patbridge_owner;
GRANT SELECT ON patent_lookup TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON patent_lookup TO patbridge_service, patbridge_across;
GRANT UPDATE, DELETE ON patent_lookup TO patbridge_across;

ALTER TABLE patent_lookup ENABLE ROW LEVEL SECURITY;
ALTER TABLE patent_lookup FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON patent_lookup TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON patent_lookup TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON patent_lookup FOR SELECT TO patbridge_readonly USING (true);
