-- The rules of oddities.
-- -> rules text: their names, joined by ", "; known bool: whether $1 is one of them
-- $1 text: a rule
SELECT string_agg(r.rule, ', ' ORDER BY r.rule) AS rules, coalesce(bool_or(r.rule = $1::text), false) AS known FROM oddity_rule r
