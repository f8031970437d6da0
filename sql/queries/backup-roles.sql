-- The roles of 0004, 0010 and 0024, which belong to the server and stand in no dump of a database.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['patbridge_owner', 'patbridge_service', 'patbridge_across', 'patbridge_readonly', 'patbridge_undo',
                                   'patbridge_signin'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        END IF;
    END LOOP;
    FOREACH wanted IN ARRAY ARRAY['patbridge_undo', 'patbridge_signin'] LOOP
        IF NOT pg_has_role(wanted, 'patbridge_across', 'MEMBER') THEN
            EXECUTE format('GRANT patbridge_across TO %I', wanted);
        END IF;
    END LOOP;
END
$$
