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

-- Several programs that hold a range of patents each (`serve --partition i/n`) find leads together (service/steps/match_part.h). All of
-- it may be thrown away: it is made again. Local to the coordinator.
--   match_totals  what the index of each range sums to, and the change up to which it looked for patents that compete
--   match_round   a need is weighed once more: its next round
--   match_share   of a need, a range's counts of its terms, then its best under the sum of all ranges' counts
CREATE TABLE match_totals (
    agency_id int NOT NULL,
    parts int NOT NULL,
    part int NOT NULL,
    totals jsonb NOT NULL,
    patent_seq bigint NOT NULL
);
CREATE TABLE match_round (
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    parts int NOT NULL,
    round bigint NOT NULL,
    need_seq bigint NOT NULL,
    model text NOT NULL,
    k int NOT NULL,
    merged bigint NOT NULL DEFAULT 0 -- the round whose leads are written
);
CREATE TABLE match_share (
    need_id bigint NOT NULL,
    agency_id int NOT NULL,
    parts int NOT NULL,
    part int NOT NULL,
    round bigint NOT NULL,
    counts jsonb NOT NULL,   -- {hash: [docs, repeat, in_text, in_both]}
    weighed text,            -- digest of the totals under which the candidates were found; null: none were
    candidates jsonb
);
ALTER TABLE match_totals ADD PRIMARY KEY (agency_id, parts, part);
ALTER TABLE match_round ADD PRIMARY KEY (need_id, parts);
ALTER TABLE match_share ADD PRIMARY KEY (need_id, parts, part);
CREATE INDEX match_round_agency ON match_round (agency_id, parts);
CREATE INDEX match_share_agency ON match_share (agency_id, parts);
ALTER TABLE match_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE match_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON match_totals TO patbridge_service USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON match_totals TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON match_totals FOR SELECT TO patbridge_readonly USING (true);
ALTER TABLE match_round ENABLE ROW LEVEL SECURITY;
ALTER TABLE match_round FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON match_round TO patbridge_service USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON match_round TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON match_round FOR SELECT TO patbridge_readonly USING (true);
ALTER TABLE match_share ENABLE ROW LEVEL SECURITY;
ALTER TABLE match_share FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON match_share TO patbridge_service USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON match_share TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON match_share FOR SELECT TO patbridge_readonly USING (true);
GRANT ALL ON match_totals, match_round, match_share TO patbridge_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON match_totals, match_round, match_share TO patbridge_service, patbridge_across;
GRANT SELECT ON match_totals, match_round, match_share TO patbridge_readonly;
