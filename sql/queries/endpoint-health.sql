-- How an attempt went for its endpoint. From so many failures in a row on its breaker is open: for a minute, then twice as long after
-- each trial that fails, an hour at most.
-- $1 bigint: the endpoint; $2 boolean: it went well; $3 timestamptz: now; $4 timestamptz or null: what it asked to wait for; $5 int:
-- failures that open the breaker; $6 boolean: the failure counts (being asked to wait is none)
-- -> failures int, hold_until text
UPDATE endpoint
SET failures = CASE WHEN $2::boolean THEN 0 WHEN $6::boolean THEN failures + 1 ELSE failures END,
    hold_until = CASE WHEN $2::boolean THEN CASE WHEN failures < $5::int THEN hold_until END
                      ELSE greatest(hold_until, $4::timestamptz,
                                    CASE WHEN $6::boolean AND failures + 1 >= $5::int
                                         THEN $3::timestamptz + least(interval '1 minute' * power(2, least(failures + 1 - $5::int, 10)),
                                                                      interval '1 hour') END) END
WHERE endpoint_id = $1::bigint
RETURNING failures, hold_until::text
