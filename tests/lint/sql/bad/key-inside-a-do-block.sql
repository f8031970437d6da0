DO $$
BEGIN
    EXECUTE 'CREATE UNIQUE INDEX lead_need ON lead (need_id)';
END
$$;
