-- Whether so much is recorded that two sessions count it sooner than one: as the statistics have it.
-- -> large boolean
SELECT sum(c.reltuples) > 100000 AS large FROM pg_class c WHERE c.oid IN ('patent_holding'::regclass, 'push'::regclass, 'deal'::regclass)
