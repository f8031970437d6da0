-- 0013 speed: indexes by which the figures of one agency are read without reading every agency's rows.
-- Rows that once were true are few beside those in force: they have indexes of their own.
CREATE INDEX patent_holding_past ON patent_holding (agency_id, patent_id) WHERE superseded_at IS NOT NULL;
CREATE INDEX record_holding_agency ON record_holding (agency_id, kind);
-- Everything that counting asks of a push and of what happened to it, without the row itself.
CREATE INDEX push_agency ON push (agency_id, patent_id, push_id);
CREATE INDEX push_event_agency ON push_event (agency_id, patent_id, push_id, channel) INCLUDE (event, at, invented);
CREATE INDEX need_change ON need (change_seq);
-- The same words as deal_same() in views/345-deal_fact.sql, and the buyer.
CREATE INDEX deal_same ON deal
    ((coalesce('R' || nullif(btrim(registration_number), ''), 'C' || contract_number || '/' || (buyer ->> 'uscc'))));
CREATE INDEX deal_buyer ON deal ((buyer ->> 'uscc'));
CREATE INDEX deal_registration ON deal (registration_number);
CREATE INDEX deal_contract ON deal (contract_number);
CREATE INDEX enterprise_affiliates ON enterprise (enterprise_id) WHERE cardinality(affiliates) > 0;
-- What counting asks of a patent and of who holds it.
CREATE INDEX patent_counting ON patent (patent_id) INCLUDE (recorded_at, type, application_date, invented);
CREATE INDEX patent_holding_counting ON patent_holding (agency_id, patent_id) INCLUDE (held_since, recorded_at, batch_id)
    WHERE superseded_at IS NULL;

-- Figures that were counted, kept until something that bears on them changes (views/398-kept.sql). All of it may be thrown away at
-- any time: it is counted again. Local to the coordinator.
--   track_change  what each transaction changed; xid: the transaction
--   track_kept    what a metric came to (figure) in the state of the database that `snapshot` names
--   need_compared   the change up to which needs have been compared with each other
CREATE TABLE track_change (
    xid xid8 NOT NULL,
    source text NOT NULL,  -- as in the ledger; need_pair besides
    kind text,             -- of decisions
    agency_id int,         -- whose rows; null: of several, or not said
    ids text[],            -- by the source's first key column; null: too many to be listed
    noted_at timestamptz NOT NULL -- the transaction's beginning
);
CREATE TABLE track_kept (
    what text NOT NULL,    -- SHA-256 over metric, pack, day, agency and the text of the functions that count
    metric text NOT NULL,
    agency_id int,         -- null: every agency's
    snapshot pg_snapshot NOT NULL,
    kept_at timestamptz NOT NULL,
    as_of date NOT NULL,
    place int NOT NULL,    -- the clause's in the pack
    pack jsonb NOT NULL,   -- what the metric read
    figure jsonb NOT NULL
);
CREATE TABLE need_compared (change_seq bigint NOT NULL);
CREATE INDEX track_change_xid ON track_change (xid);
ALTER TABLE track_kept ADD PRIMARY KEY (what);
GRANT ALL ON track_change, track_kept, need_compared TO patbridge_owner;
GRANT SELECT ON track_change, track_kept, need_compared TO patbridge_readonly;
GRANT SELECT, INSERT, UPDATE, DELETE ON track_change, track_kept, need_compared TO patbridge_across;
