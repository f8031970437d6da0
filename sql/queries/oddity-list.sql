-- What looks odd, with the last mark of an official.
-- $1 date: the policy's last day, or today; $2 text: time zone; $3 text: a rule, '' for all; $4 int: the agency, 0 for all
-- -> rule, zh, en text, number int, key, agency, what text, rows jsonb, mark jsonb or null
SELECT o.rule, r.zh, r.en, r.number, o.key, a.code AS agency, o.what, o.rows,
       (SELECT jsonb_build_object('by', m.marked_by, 'reason', m.reason,
                                  'at', to_char(m.marked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        FROM oddity_mark m WHERE m.rule = o.rule AND m.key = o.key ORDER BY m.mark_id DESC LIMIT 1) AS mark
FROM oddity_all($1::date, $2::text) o JOIN oddity_rule r ON r.rule = o.rule LEFT JOIN agency a ON a.agency_id = o.agency_id
WHERE ($3::text = '' OR o.rule = $3::text) AND ($4::int = 0 OR o.agency_id = $4::int)
ORDER BY o.rule, o.key COLLATE "C"
