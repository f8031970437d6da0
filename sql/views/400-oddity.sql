-- 400 oddity: what looks odd. Shown, not judged: no figure reads it. One row an oddity: rule, key (the same for the same thing each
-- time), agency (null: of several), what it is, and the rows behind it: [{kind, agency, key}], each to be shown by its key.

DROP VIEW IF EXISTS oddity_rule CASCADE;
CREATE VIEW oddity_rule WITH (security_invoker = true) AS
SELECT r.rule, r.zh, r.en, r.number
FROM (VALUES
    ('many_deals_in_a_day', '同一买方一日之内签约的合同数达到此数', 'one buyer with this many deals in a day', 40),
    ('circular_sales', '专利在两三家之间卖出一圈又回来', 'sales that go round between two or three parties', NULL),
    ('bought_and_sold_back', '同一件权利卖出后又买回', 'a right that was sold and sold back', NULL),
    ('needs_nearly_alike', '同一企业的需求相似度（百分数）达到此数而仍分别提交', 'needs of one enterprise that are alike by this per cent', 75),
    ('expert_without_trace', '专家除本条记录外别无踪迹：无联系方式，无材料，不是任何专利的发明人', 'an expert without a second trace: no contact, no document, inventor of nothing', NULL),
    ('opened_at_once', '同一地址在一秒之内打开的推送数达到此数', 'this many pushes opened within a second by one address', 2),
    ('shared_phone', '共用同一电话号码的企业数达到此数', 'this many enterprises that share a phone number', 2),
    ('round_amounts', '机构的合同至少此数，其中五分之四金额为整万元', 'an agency with this many deals, four in five of them of whole 10,000 yuan', 10),
    ('late_before_deadline', '政策最后七日内集中记录的事实数达到此数，且占该类三成以上', 'this many facts recorded in the policy''s last seven days, three in ten of their kind', 20),
    ('paid_above_contract', '付款合计超过合同金额', 'payments above the contract''s amount', NULL),
    ('told_by_two', '同一登记编号由两家机构申报', 'one registration number told by two agencies', NULL)
) r (rule, zh, en, number);

CREATE OR REPLACE FUNCTION oddity_number(wanted text) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT o.number FROM oddity_rule o WHERE o.rule = wanted
$$;

-- The name by which a party is known across contracts.
CREATE OR REPLACE FUNCTION party_name(party jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(party ->> 'uscc', folded_name(party ->> 'name'))
$$;

CREATE OR REPLACE FUNCTION fact_link(kind text, agency int, key text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('kind', kind, 'agency', (SELECT a.code FROM agency a WHERE a.agency_id = agency), 'key', key)
$$;

CREATE OR REPLACE FUNCTION oddity_deals(zone text) RETURNS TABLE (rule text, key text, agency_id int, what text, rows jsonb)
LANGUAGE sql STABLE AS $$
    WITH sold AS MATERIALIZED (
        SELECT d.*, party_name(d.seller) AS seller_name, party_name(d.buyer) AS buyer_name FROM deal d
    ), moved AS MATERIALIZED (
        SELECT s.deal_id, s.agency_id, s.contract_number, s.contract_date, s.seller_name, s.buyer_name,
               coalesce(a.patent_id::text, r.item ->> 'number') AS item
        FROM sold s CROSS JOIN LATERAL jsonb_array_elements(s.rights) r (item)
            LEFT JOIN patent_alias a ON a.number = split_part(r.item ->> 'number', '.', 1)
        WHERE s.mode = 'assignment'
    ), pair AS MATERIALIZED (
        SELECT DISTINCT s.seller_name, s.buyer_name FROM sold s WHERE s.mode = 'assignment' AND s.seller_name <> s.buyer_name
    ), ring AS (
        SELECT ARRAY[a.seller_name, a.buyer_name] AS parties FROM pair a JOIN pair b ON b.seller_name = a.buyer_name
            AND b.buyer_name = a.seller_name WHERE a.seller_name < a.buyer_name
        UNION ALL
        SELECT ARRAY[a.seller_name, b.seller_name, c.seller_name]
        FROM pair a JOIN pair b ON b.seller_name = a.buyer_name JOIN pair c ON c.seller_name = b.buyer_name
            AND c.buyer_name = a.seller_name
        WHERE a.seller_name < b.seller_name AND a.seller_name < c.seller_name AND b.seller_name <> c.seller_name
    )
    SELECT 'many_deals_in_a_day', s.buyer_name || '/' || s.contract_date, NULL::int, count(*) || ' ' || max(s.buyer ->> 'name'),
           jsonb_agg(fact_link('deal', s.agency_id, s.contract_number) ORDER BY s.deal_id)
    FROM sold s GROUP BY s.buyer_name, s.contract_date HAVING count(*) >= oddity_number('many_deals_in_a_day')
    UNION ALL
    SELECT 'circular_sales', array_to_string(r.parties, ' > '), NULL, array_to_string(r.parties, ' > '),
           (SELECT jsonb_agg(fact_link('deal', s.agency_id, s.contract_number) ORDER BY s.deal_id) FROM sold s
            WHERE s.seller_name = ANY (r.parties) AND s.buyer_name = ANY (r.parties))
    FROM ring r
    UNION ALL
    SELECT 'bought_and_sold_back', a.contract_number || '/' || b.contract_number || '/' || a.item, NULL, a.item,
           jsonb_build_array(fact_link('deal', a.agency_id, a.contract_number), fact_link('deal', b.agency_id, b.contract_number))
    FROM moved a JOIN moved b ON b.item = a.item AND b.seller_name = a.buyer_name AND b.buyer_name = a.seller_name
        AND (b.contract_date, b.deal_id) > (a.contract_date, a.deal_id)
    UNION ALL
    SELECT 'round_amounts', (SELECT a.code FROM agency a WHERE a.agency_id = s.agency_id), s.agency_id,
           count(*) FILTER (WHERE s.amount_fen % 1000000 = 0) || '/' || count(*),
           jsonb_agg(fact_link('deal', s.agency_id, s.contract_number) ORDER BY s.deal_id) FILTER (WHERE s.amount_fen % 1000000 = 0)
    FROM sold s GROUP BY s.agency_id
    HAVING count(*) >= oddity_number('round_amounts') AND count(*) FILTER (WHERE s.amount_fen % 1000000 = 0) * 5 >= count(*) * 4
    UNION ALL
    SELECT 'paid_above_contract', s.agency_id || '/' || s.contract_number, s.agency_id, p.paid || ' > ' || s.amount_fen,
           jsonb_build_array(fact_link('deal', s.agency_id, s.contract_number))
    FROM sold s CROSS JOIN LATERAL (SELECT sum((i.item ->> 'amount_fen')::bigint) AS paid
                                    FROM jsonb_array_elements(s.payments) i (item)) p
    WHERE p.paid > s.amount_fen
    UNION ALL
    SELECT 'told_by_two', s.registration_number, NULL, count(*) || ' x ' || s.registration_number,
           jsonb_agg(fact_link('deal', s.agency_id, s.contract_number) ORDER BY s.deal_id)
    FROM sold s WHERE btrim(s.registration_number) <> '' GROUP BY s.registration_number HAVING count(DISTINCT s.agency_id) > 1
$$;

CREATE OR REPLACE FUNCTION oddity_people(zone text) RETURNS TABLE (rule text, key text, agency_id int, what text, rows jsonb)
LANGUAGE sql STABLE AS $$
    WITH phone AS (
        SELECT DISTINCT c.record_id, regexp_replace(p.number, '[^0-9]', '', 'g') AS number
        FROM contact c JOIN enterprise e ON e.enterprise_id = c.record_id
            CROSS JOIN LATERAL jsonb_array_elements(c.contacts) i (item)
            CROSS JOIN LATERAL regexp_split_to_table(i.item ->> 'phone', '[;；,，/]') p (number)
    )
    SELECT 'shared_phone', p.number, NULL::int, count(*) || ' x ' || p.number,
           jsonb_agg(jsonb_build_object('kind', 'enterprise', 'agency', NULL, 'key', e.uscc) ORDER BY e.uscc)
    FROM phone p JOIN enterprise e ON e.enterprise_id = p.record_id
    WHERE length(p.number) >= 7 GROUP BY p.number HAVING count(*) >= oddity_number('shared_phone')
    UNION ALL
    SELECT 'expert_without_trace', x.key, NULL, x.name || ', ' || x.employer,
           jsonb_build_array(jsonb_build_object('kind', 'expert', 'agency', NULL, 'key', x.key))
    FROM expert x
    WHERE x.documents = '[]'
        AND NOT EXISTS (SELECT FROM contact c WHERE c.record_id = x.expert_id AND c.contacts <> '[]')
        AND NOT EXISTS (SELECT FROM patent p WHERE p.inventors @> ARRAY[x.name])
    UNION ALL
    SELECT 'needs_nearly_alike', least(p.need_id, p.other_id) || '/' || greatest(p.need_id, p.other_id),
           CASE WHEN a.agency_id = b.agency_id THEN a.agency_id END, a.title || ' ~ ' || b.title,
           jsonb_build_array(fact_link('need', a.agency_id, a.source_id), fact_link('need', b.agency_id, b.source_id))
    FROM need_pair p JOIN need a ON a.need_id = p.need_id JOIN need b ON b.need_id = p.other_id
    WHERE p.jaccard * 100 >= oddity_number('needs_nearly_alike')
$$;

CREATE OR REPLACE FUNCTION oddity_pushes(zone text) RETURNS TABLE (rule text, key text, agency_id int, what text, rows jsonb)
LANGUAGE sql STABLE AS $$
    WITH opened AS (
        SELECT DISTINCT ON (e.push_id) e.push_id, e.agency_id, e.at, e.detail ->> 'address' AS address
        FROM push_event e WHERE e.event = 'opened' AND e.detail ->> 'address' IS NOT NULL ORDER BY e.push_id, e.at
    ), near AS (
        SELECT o.*, o.at - min(o.at) OVER w AS since, count(*) OVER w AS pushes
        FROM opened o WINDOW w AS (PARTITION BY o.address ORDER BY o.at RANGE BETWEEN interval '1 second' PRECEDING AND CURRENT ROW)
    )
    SELECT 'opened_at_once', n.address || '/' || date_trunc('second', n.at AT TIME ZONE zone), NULL::int, n.address,
           jsonb_agg(fact_link('push', o.agency_id, o.push_id::text) ORDER BY o.at, o.push_id)
    FROM (SELECT DISTINCT ON (m.address, date_trunc('second', m.at)) m.* FROM near m
          WHERE m.pushes >= oddity_number('opened_at_once') ORDER BY m.address, date_trunc('second', m.at), m.at DESC) n
        JOIN opened o ON o.address = n.address AND o.at BETWEEN n.at - interval '1 second' AND n.at
    GROUP BY n.address, n.at
$$;

-- The facts that count, of every kind, with the moment of their first recording.
CREATE OR REPLACE FUNCTION oddity_late(deadline date, zone text) RETURNS TABLE (rule text, key text, agency_id int, what text, rows jsonb)
LANGUAGE sql STABLE AS $$
    WITH fact AS (
        SELECT 'need' AS kind, t.agency_id, t.source_id AS key, t.first_recorded_at FROM need t
        UNION ALL SELECT 'deal', t.agency_id, t.contract_number, t.first_recorded_at FROM deal t
        UNION ALL SELECT 'declared_push', t.agency_id, t.patent || '/' || t.enterprise_uscc, t.first_recorded_at FROM declared_push t
        UNION ALL SELECT 'open_licence', t.agency_id, t.patent, t.first_recorded_at FROM open_licence t
        UNION ALL SELECT 'loan', t.agency_id, t.contract_number, t.first_recorded_at FROM loan t
        UNION ALL SELECT 'sale', t.agency_id, t.invoice, t.first_recorded_at FROM sale t
        UNION ALL SELECT 'event', t.agency_id, t.key, t.first_recorded_at FROM event t
        UNION ALL SELECT 'attorney', t.agency_id, t.practice_number, t.first_recorded_at FROM attorney t
    ), judged AS (
        SELECT f.*, f.first_recorded_at < day_over(deadline, zone) AND f.first_recorded_at >= day_over(deadline - 7, zone) AS bunched
        FROM fact f
    )
    SELECT 'late_before_deadline', j.agency_id || '/' || j.kind || '/' || deadline, j.agency_id,
           j.kind || ' ' || count(*) FILTER (WHERE j.bunched) || '/' || count(*),
           jsonb_agg(fact_link(j.kind, j.agency_id, j.key) ORDER BY j.key) FILTER (WHERE j.bunched)
    FROM judged j GROUP BY j.agency_id, j.kind
    HAVING count(*) FILTER (WHERE j.bunched) >= oddity_number('late_before_deadline')
        AND count(*) FILTER (WHERE j.bunched) * 10 >= count(*) * 3
$$;

CREATE OR REPLACE FUNCTION oddity_all(deadline date, zone text) RETURNS TABLE (rule text, key text, agency_id int, what text, rows jsonb)
LANGUAGE sql STABLE AS $$
    SELECT * FROM oddity_deals(zone)
    UNION ALL SELECT * FROM oddity_people(zone)
    UNION ALL SELECT * FROM oddity_pushes(zone)
    UNION ALL SELECT * FROM oddity_late(deadline, zone)
$$;

GRANT SELECT ON oddity_rule TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT EXECUTE ON FUNCTION oddity_number, party_name, fact_link, oddity_deals, oddity_people, oddity_pushes, oddity_late, oddity_all
    TO patbridge_service, patbridge_across, patbridge_readonly;
