-- 305 rule: what the clauses have in common. pack: as in 300.

-- What speaks against a fact because of the day on which it happened. From settling in the zone to leaving it, both included. Stable, as
-- reading a date is: else the planner would not see through it.
CREATE OR REPLACE FUNCTION trigger_reasons(pack jsonb, as_of date, day date, settled date, left_on date) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN day > as_of THEN 'after_day' END,
        CASE WHEN day < (pack ->> 'from')::date THEN 'before_window' END,
        CASE WHEN day > (pack ->> 'to')::date THEN 'after_window' END,
        CASE WHEN day < settled THEN 'before_settlement' END,
        CASE WHEN day > left_on THEN 'after_leaving' END
    ], NULL)
$$;

-- The day on which so many years are full: the same day, of 29 February the 28th.
CREATE OR REPLACE FUNCTION years_full(day date, years int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (day + make_interval(years => years))::date
$$;

CREATE OR REPLACE FUNCTION year_of(day date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT extract(year FROM day)::int
$$;

-- To the fen: half away from zero, half to even, or down.
CREATE OR REPLACE FUNCTION round_fen(value numeric, rounding text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE rounding
        WHEN 'down' THEN trunc(value)
        WHEN 'half_even' THEN CASE WHEN abs(value - trunc(value)) = 0.5 THEN 2 * round(value / 2) ELSE round(value) END
        ELSE round(value) END
$$;

-- The award on a sum: the pack's rate of it, less the grants of upper levels where the pack says so, at most the cap.
CREATE OR REPLACE FUNCTION rate_fen(pack jsonb, base numeric, grants numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least((pack ->> 'cap_fen')::numeric, greatest(0,
        round_fen(base * (pack ->> 'rate_ppm')::numeric / 1000000, pack ->> 'rounding')
        - CASE WHEN pack ->> 'upper_grant' = 'subtracted' THEN coalesce(grants, 0) ELSE 0 END))::bigint
$$;

-- What one more fact adds to the award on the sum that includes it; the facts before it have used up the cap.
CREATE OR REPLACE FUNCTION added_fen(pack jsonb, sum_fen numeric, fen numeric, grants numeric, grant_fen numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rate_fen(pack, sum_fen, grants) - rate_fen(pack, sum_fen - fen, grants - grant_fen)
$$;

-- Whether the cap took something off it: null when not.
CREATE OR REPLACE FUNCTION is_capped(pack jsonb, sum_fen numeric, fen numeric, grants numeric, grant_fen numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT nullif(added_fen(pack, sum_fen, fen, grants, grant_fen) < added_fen(pack - 'cap_fen', sum_fen, fen, grants, grant_fen), false)
$$;

-- The agency's part of a row: it must have settled; when that is not recorded, only the bureau knows.
CREATE OR REPLACE FUNCTION settlement_awaited(settled date) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN settled IS NULL THEN ARRAY['zone_settled_date'] ELSE '{}'::text[] END
$$;

-- Whether a contract (loan, project, event) told by two agencies counts for the first that recorded it alone.
CREATE OR REPLACE FUNCTION told_before(pack jsonb, place bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN place > 1 AND pack ->> 'same_fact' = 'first' THEN 'told_by_another' END
$$;

GRANT EXECUTE ON FUNCTION trigger_reasons, years_full, year_of, round_fen, rate_fen, added_fen, is_capped, settlement_awaited,
    told_before
    TO patbridge_service, patbridge_across, patbridge_readonly;
