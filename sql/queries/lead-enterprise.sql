-- Whether a lead's need is of an enterprise.
-- $1 bigint: need; $2 bigint: enterprise
-- -> own: 1 or 0
SELECT EXISTS (SELECT FROM need n WHERE n.need_id = $1::bigint AND n.enterprise_id = $2::bigint)::int::bigint AS own
