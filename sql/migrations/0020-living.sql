-- 0020 living: what the matcher's index is caught up by, and whose its snapshots are (service/steps/living.h).
-- A snapshot names the entries of the ledger that it was made under. Digests alone: no record can be read from them.
GRANT SELECT (seq, digest) ON ledger TO patbridge_service;

-- P(interested): what was learned from an agency's answers (matcher/interest.h), each time anew; the latest counts. On a lead: what its
-- probability rests on.
CREATE TABLE interest_model (
    agency_id int NOT NULL,
    version int NOT NULL,  -- 1, 2, 3 … of the agency
    trained_at timestamptz NOT NULL,
    body jsonb NOT NULL    -- {weights, covariance, answers, enterprises, calibration_error}
);
ALTER TABLE interest_model ADD PRIMARY KEY (agency_id, version);
ALTER TABLE interest_model ENABLE ROW LEVEL SECURITY;
ALTER TABLE interest_model FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON interest_model TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON interest_model TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON interest_model FOR SELECT TO patbridge_readonly USING (true);
GRANT ALL ON interest_model TO patbridge_owner;
GRANT SELECT, INSERT ON interest_model TO patbridge_service, patbridge_across;
GRANT SELECT ON interest_model TO patbridge_readonly;
ALTER TABLE lead ADD COLUMN certainty jsonb; -- {low, high, answers, basis, basis_zh}; null: weighed before there was such a thing
ALTER TABLE lead ADD COLUMN aspects jsonb; -- [{kind, text, covered}]: what the need names, and whether the patent speaks of it
