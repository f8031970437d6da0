-- 0002 distribution: spreads the tables where the citus extension is installed, and does nothing elsewhere.
-- The lint reads this file: a table not named here is local to the coordinator.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    PERFORM create_distributed_table('patent', 'patent_id');
    PERFORM create_distributed_table('patent_version', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('patent_status', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('patent_holding', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('lead', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('push', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('push_event', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('feedback', 'patent_id', colocate_with => 'patent');
    PERFORM create_distributed_table('patent_alias', 'number', colocate_with => 'none');
    PERFORM create_reference_table('agency');
    PERFORM create_reference_table('account');
    PERFORM create_reference_table('enterprise');
    PERFORM create_reference_table('expert');
    PERFORM create_reference_table('institution');
    PERFORM create_reference_table('record_holding');
    PERFORM create_reference_table('contact');
    PERFORM create_reference_table('need');
    PERFORM create_reference_table('need_pair');
    PERFORM create_reference_table('deal');
    PERFORM create_reference_table('declared_push');
    PERFORM create_reference_table('policy');
END
$$;
