-- 0028 follow_up: what comes of an answer "interested", from the first call to the registered contract; and indexes by which registers
-- are searched by names. Both tables are local to the coordinator. Nothing of them is counted: what counts is the deal.
--   follow_up       where a lead's follow-up stands now
--   follow_up_note  how it got there: appended, never changed
CREATE TABLE follow_up (
    agency_id int NOT NULL,
    patent_id bigint NOT NULL,  -- as the lead's when it was begun; what merging of patents made of it is asked when it is read
    need_id bigint NOT NULL,
    stage text NOT NULL,
    due date,                   -- the next step's day
    deal text,                  -- contract number of the deal that came of it
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE TABLE follow_up_note (
    follow_up_note_id bigint GENERATED ALWAYS AS IDENTITY,
    agency_id int NOT NULL,
    patent_id bigint NOT NULL,
    need_id bigint NOT NULL,
    stage text NOT NULL,        -- as it was from then on, like the next two
    due date,
    deal text,
    note text,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL
);
ALTER TABLE follow_up ADD PRIMARY KEY (agency_id, patent_id, need_id);
ALTER TABLE follow_up ADD CHECK (stage IN ('interested', 'contact', 'visit', 'offer', 'contract', 'registered', 'ended'));
ALTER TABLE follow_up_note ADD PRIMARY KEY (follow_up_note_id);
CREATE INDEX follow_up_note_lead ON follow_up_note (agency_id, need_id, patent_id, made_at);
CREATE INDEX feedback_interested ON feedback (agency_id, at) WHERE answer = 'interested';

GRANT ALL ON follow_up, follow_up_note TO patbridge_owner;
GRANT SELECT ON follow_up, follow_up_note TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON follow_up TO patbridge_service, patbridge_across;
GRANT INSERT ON follow_up_note TO patbridge_service, patbridge_across;

ALTER TABLE follow_up ENABLE ROW LEVEL SECURITY;
ALTER TABLE follow_up FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON follow_up TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON follow_up TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON follow_up FOR SELECT TO patbridge_readonly USING (true);
ALTER TABLE follow_up_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE follow_up_note FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON follow_up_note TO patbridge_service
    USING (agency_id = nullif(current_setting('patbridge.agency', true), '')::int);
CREATE POLICY across ON follow_up_note TO patbridge_across, patbridge_owner USING (true);
CREATE POLICY reading ON follow_up_note FOR SELECT TO patbridge_readonly USING (true);

-- Names by their characters: Chinese has no blanks to part words by, and two characters are too few for trigrams. The same words as
-- api_words() in views/399-api_words.sql.
CREATE INDEX enterprise_characters ON enterprise USING gin (string_to_array(lower(name), NULL));
CREATE INDEX institution_characters ON institution USING gin (string_to_array(lower(name), NULL));
CREATE INDEX expert_characters ON expert USING gin (string_to_array(lower(name || ' ' || employer), NULL));

-- A backup reads where the sequences stand.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO patbridge_owner;
