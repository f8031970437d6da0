-- 0033 resumed: an enterprise that said stop wants this agency's pushes again. Appended, never changed, like the answers that it takes
-- back; what was said stays said (views/215-standing_stop.sql tells which stops still hold). Local to the coordinator.
CREATE TABLE resumed (
    agency_id int NOT NULL,
    enterprise_id bigint NOT NULL,
    at timestamptz NOT NULL,
    resumed_by text NOT NULL
);
ALTER TABLE resumed ADD PRIMARY KEY (agency_id, enterprise_id, at);

GRANT ALL ON resumed TO patbridge_owner;
GRANT SELECT ON resumed TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT ON resumed TO patbridge_service, patbridge_across;

ALTER TABLE resumed ENABLE ROW LEVEL SECURITY;
ALTER TABLE resumed FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON resumed TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON resumed TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON resumed FOR SELECT TO patbridge_readonly USING (true);
