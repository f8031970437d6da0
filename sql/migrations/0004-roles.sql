-- 0004 roles and row-level security.
--   patbridge_owner     owns nothing by itself yet: the migrating user is the owner; this role is granted what owners do
--   patbridge_service   reads and writes for one agency: SET LOCAL ROLE, then set_config('patbridge.agency', id, true)
--   patbridge_across    officials and the steps: every agency's rows
--   patbridge_readonly  reads every row, writes nothing (reports, backups of figures)
-- A policy compares a column with the setting and nothing more: that is what Citus carries to the shards.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['patbridge_owner', 'patbridge_service', 'patbridge_across', 'patbridge_readonly'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of this server is being migrated at the same moment
        END;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        END IF;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT CREATE ON SCHEMA public TO patbridge_owner;
GRANT ALL ON ALL TABLES IN SCHEMA public TO patbridge_owner;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO patbridge_owner, patbridge_service, patbridge_across;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO patbridge_service, patbridge_across;
-- Nothing that counts is deleted. What may be: proposals that nobody has decided on, contacts (by law), what follows a merge.
GRANT DELETE ON contact, need_pair TO patbridge_service, patbridge_across;
GRANT DELETE ON patent_alias, patent_status, patent_holding, lead, push, push_event, feedback TO patbridge_across;
-- Appended, never changed.
REVOKE UPDATE ON decision, policy, register_version, fact_version, patent_version, attempt FROM patbridge_service, patbridge_across;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['patent_holding', 'record_holding', 'contact', 'need', 'deal', 'declared_push', 'lead', 'push',
                                   'push_event', 'feedback', 'endpoint', 'outbox', 'attempt', 'decision', 'match_progress',
                                   'fact_version', 'load_batch', 'refused_row'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY own_agency ON %I TO patbridge_service '
                       'USING (agency_id = nullif(current_setting(''patbridge.agency'', true), '''')::int)', guarded);
        EXECUTE format('CREATE POLICY across ON %I TO patbridge_across, patbridge_owner USING (true)', guarded);
        EXECUTE format('CREATE POLICY reading ON %I FOR SELECT TO patbridge_readonly USING (true)', guarded);
    END LOOP;
END
$$;
