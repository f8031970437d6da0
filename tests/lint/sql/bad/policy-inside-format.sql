DO $$
BEGIN
    EXECUTE format('CREATE POLICY own ON %I '
                   'USING (agency_id = nullif(current_setting(''patbridge.someone'', true), '''')::int)', 'need');
END
$$;
