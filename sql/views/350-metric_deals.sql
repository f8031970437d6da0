-- 350 metric_deals: one row per contract (or per right in it, where the pack's deal_unit says so) that an agency recorded.

-- Every agency's contracts with what their buyers had had delivered before the contract date.
CREATE OR REPLACE FUNCTION deal_support(pack jsonb, as_of date, known_at timestamptz)
RETURNS TABLE (deal_id bigint, unit bigint, inventions bigint, rights bigint, numbers jsonb, delivered bigint, first_on date,
    push_key text, invented boolean, late boolean) LANGUAGE sql STABLE AS $$
    WITH entry AS (
        SELECT d.deal_id, d.agency_id, d.contract_date, d.buyer ->> 'uscc' AS buyer, r.item ->> 'number' AS number,
               CASE WHEN pack ->> 'deal_unit' = 'patent' THEN r.place ELSE 0 END AS unit, a.patent_id,
               r.item ->> 'type' = 'invention' AND coalesce(p.type = 'invention', true) AS is_invention,
               coalesce(p.invented, false) AS invented
        FROM deal_at(known_at) d LEFT JOIN LATERAL jsonb_array_elements(d.rights) WITH ORDINALITY r (item, place) ON true
            LEFT JOIN patent_alias a ON a.number = split_part(r.item ->> 'number', '.', 1)
            LEFT JOIN patent p ON p.patent_id = a.patent_id
    ), served AS ( -- of several pushes of a patent one that is not made up, then the earliest, stands for it
        SELECT e.*, s.delivered_on, s.key AS push_key, s.invented AS push_invented, s.late AS push_late,
               row_number() OVER (PARTITION BY e.deal_id, e.unit, e.patent_id ORDER BY s.invented, s.late, s.delivered_on) AS place
        FROM entry e LEFT JOIN push_delivery(pack, as_of, known_at) s
            ON e.is_invention AND s.agency_id = e.agency_id AND s.patent_id = e.patent_id AND s.enterprise_uscc = e.buyer
                AND s.delivered_on < e.contract_date AND s.reasons = '{}'
    )
    SELECT v.deal_id, v.unit, count(*) FILTER (WHERE v.is_invention), count(*), jsonb_agg(v.number),
           count(v.push_key), min(v.delivered_on), min(v.push_key),
           bool_and(v.invented OR v.push_invented) FILTER (WHERE v.push_key IS NOT NULL),
           bool_and(v.push_late) FILTER (WHERE v.push_key IS NOT NULL)
    FROM served v WHERE v.place = 1 OR v.patent_id IS NULL
    GROUP BY v.deal_id, v.unit
$$;

CREATE OR REPLACE FUNCTION metric_deals(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH party AS MATERIALIZED (
        SELECT e.uscc, e.name, folded_name(e.name) AS folded, e.invented, e.affiliates FROM enterprise_at(known_at) e
    ), listed AS MATERIALIZED (
        SELECT p.uscc, p.folded, ARRAY(SELECT folded_name(x) FROM unnest(p.affiliates) x) AS affiliates
        FROM party p WHERE cardinality(p.affiliates) > 0
    ), named AS (
        SELECT d.*, b.name AS buyer_name, coalesce(b.invented, false) AS buyer_invented,
               party_keys(d.seller, s.name) AS seller_keys, party_keys(d.buyer, b.name) AS buyer_keys
        FROM deal_at(known_at) d LEFT JOIN party b ON b.uscc = d.buyer ->> 'uscc' LEFT JOIN party s ON s.uscc = d.seller ->> 'uscc'
        WHERE agency IS NULL OR d.agency_id = agency
    ), in_time AS MATERIALIZED (
        SELECT * FROM deal_at(least(known_at, day_over(as_of, pack ->> 'time_zone') - interval '1 microsecond'))
    ), twin AS ( -- the same contract, told twice or by another agency
        SELECT o.deal_id, o.registration_number IS NOT NULL AND count(*) OVER (PARTITION BY o.registration_number) > 1
                   OR count(*) OVER (PARTITION BY o.contract_number, o.buyer ->> 'uscc') > 1 AS conflict
        FROM deal_at(known_at) o
    ), judged AS (
        SELECT n.*, u.unit, u.inventions, u.rights AS right_count, u.numbers, u.delivered, u.first_on, u.push_key,
               coalesce(u.invented, false) AS support_invented, coalesce(u.late, false) AS support_late, c.verdict, c.effective,
               c.decided_at, c.reason AS decision, coalesce(c.invented, false) AS decision_invented,
               t.deal_id IS NOT NULL AS in_time,
               coalesce(n.affiliated, false) OR n.seller_keys && n.buyer_keys OR EXISTS (
                   SELECT FROM listed l
                   WHERE (l.uscc = n.buyer ->> 'uscc' OR l.folded = ANY (n.buyer_keys)) AND l.affiliates && n.seller_keys
                       OR (l.uscc = n.seller ->> 'uscc' OR l.folded = ANY (n.seller_keys)) AND l.affiliates && n.buyer_keys
               ) AS is_affiliated,
               btrim(coalesce(n.registration_number, '')) <> '' AND coalesce(n.registration_date <= as_of, true) AS is_registered,
               coalesce(w.conflict, false) AS conflict
        FROM named n JOIN twin w ON w.deal_id = n.deal_id JOIN deal_support(pack, as_of, known_at) u ON u.deal_id = n.deal_id
            LEFT JOIN decision_at('deal', as_of, known_at) c ON c.agency_id = n.agency_id AND c.key = n.contract_number
            LEFT JOIN in_time t ON t.deal_id = n.deal_id AND t.contract_date = n.contract_date AND t.mode = n.mode
                AND t.rights = n.rights AND t.seller = n.seller AND t.buyer = n.buyer
                AND t.affiliated IS NOT DISTINCT FROM n.affiliated
                AND t.registration_number IS NOT DISTINCT FROM n.registration_number
                AND t.registration_date IS NOT DISTINCT FROM n.registration_date
    ), candidate AS (
        SELECT j.*,
               array_remove(ARRAY[
                   CASE WHEN j.contract_date > as_of THEN 'after_day' END,
                   CASE WHEN j.contract_date < (pack ->> 'from')::date THEN 'before_window' END,
                   decision_reason(j.verdict, 'deal', pack -> 'accepted_kinds'),
                   CASE WHEN pack -> 'taken' ? (j.agency_id || '/' || j.contract_number) THEN 'counted_elsewhere' END,
                   CASE WHEN j.inventions = 0 THEN 'no_invention' END,
                   CASE WHEN j.inventions > 0 AND j.buyer ->> 'uscc' IS NULL THEN 'buyer_unknown'
                        WHEN j.inventions > 0 AND j.delivered = 0 THEN 'no_push_before' END
               ], NULL) AS against,
               array_remove(ARRAY[
                   CASE WHEN NOT j.is_registered THEN 'not_registered' END,
                   CASE WHEN j.is_affiliated THEN 'affiliated' END
               ], NULL) AS against_strict
        FROM judged j
    )
    SELECT c.agency_id, c.contract_number || CASE WHEN c.unit = 0 THEN '' ELSE '/' || c.unit END, c.mode,
           coalesce(c.buyer ->> 'name', c.buyer_name), c.contract_date, c.recorded_at, c.batch_id, c.documents,
           c.against = '{}' AND (c.against_strict = '{}' OR pack ->> 'deal_figure' = 'literal'), c.against = '{}',
           CASE WHEN pack ->> 'deal_figure' = 'literal' THEN c.against ELSE c.against || c.against_strict END,
           jsonb_strip_nulls(jsonb_build_object('contract', c.contract_number, 'seller', c.seller ->> 'name',
               'patents', c.inventions, 'rights', c.right_count,
               'numbers', c.numbers, 'delivered', c.delivered, 'first_delivered', c.first_on, 'push', c.push_key,
               'registration_number', c.registration_number, 'registration_date', c.registration_date,
               'affiliated', c.is_affiliated, 'conflict', nullif(c.conflict, false), 'decision', c.decision)),
           c.invented OR c.buyer_invented OR c.support_invented OR c.decision_invented,
           NOT c.in_time OR c.support_late OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           c.affiliated IS NULL, false
    FROM candidate c
$$;

GRANT EXECUTE ON FUNCTION deal_support, metric_deals TO patbridge_service, patbridge_across, patbridge_readonly;
