CREATE FUNCTION touch() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE patent SET change_seq = nextval('change_seq') WHERE patent_id = 1;
END
$body$;
