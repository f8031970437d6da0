-- track_world.sql - an invented world for tests/bench/track.sh, written straight into an empty, migrated database.
--
-- psql variables: agencies, patents, enterprises, needs, pushes, deals. The same numbers give the same rows. Each patent, enterprise
-- and need is one agency's (one in thirty patents and one in ten enterprises a second one's, too); money, names and dates vary by the
-- row's number, so that every reason for leaving a row out occurs.
\set QUIET on
SET synchronous_commit = off;
CREATE FUNCTION pg_temp.salt(n bigint, k int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (n * (2654435761 + 2 * k) + k * 40503) % 1000003
$$;
CREATE FUNCTION pg_temp.code(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '91350582MB' || lpad(n::text, 8, '0') $$;
CREATE FUNCTION pg_temp.number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'CN' || 2012 + n % 11 || CASE WHEN n % 9 < 6 THEN '1' WHEN n % 9 < 8 THEN '2' ELSE '3' END || lpad(n::text, 7, '0')
$$;
CREATE FUNCTION pg_temp.firm(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '晋江市' || (ARRAY['岚桥','海丝','砺知','渠成','膜语','云织','青屿','北辰'])[1 + n % 8] || n
        || (ARRAY['鞋业','新材料','机械','包装','食品','纺织'])[1 + n % 6] || CASE WHEN n % 3 = 0 THEN '（福建）' ELSE '' END || '有限公司'
$$;

INSERT INTO agency (agency_id, code, name, zone_settled_date, zone_first, staff_attorneys, staff_lawyers, entrusted_by, entrusted_date,
    pilot_open_licence, invented, change_seq, first_recorded_at, recorded_at)
SELECT g, 'A' || lpad(g::text, 2, '0'), '试验机构' || g, '2023-03-15', true, 15, 8, '市监局', '2023-05-01', true, true,
       nextval('change_seq'), '2023-03-20 10:00+08', '2023-03-20 10:00+08'
FROM generate_series(1, :agencies) g;

INSERT INTO patent (patent_id, application_number, publication_number, kind, type, title, abstract, applicants, inventors, ipc,
    application_date, publication_date, legal_status, invented, change_seq, first_recorded_at, recorded_at)
SELECT n, pg_temp.number(n) || '.' || n % 10, 'CN' || 100000000 + n || 'B', 'B',
       CASE WHEN n % 9 < 6 THEN 'invention' WHEN n % 9 < 8 THEN 'utility_model' ELSE 'design' END,
       '一种' || (ARRAY['轻质','耐磨','透气','防水','抗菌','阻燃'])[1 + n % 6] || (ARRAY['鞋底','面料','伞骨','传感器','过滤膜'])[1 + n % 5] || n,
       repeat('本发明公开了一种材料及其制备方法，减轻重量，提高耐磨性。', 3), ARRAY[pg_temp.firm(n % 5000)], ARRAY['林一鸣'], ARRAY['A43B13/04'],
       make_date(2012 + (n % 11)::int, 1 + (n % 12)::int, 1 + (n % 28)::int), '2023-05-01', 'granted', true, nextval('change_seq'),
       '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :patents) n;
INSERT INTO patent_alias SELECT pg_temp.number(n), n, '2024-03-01 10:00+08' FROM generate_series(1, :patents) n;
INSERT INTO patent_alias SELECT 'CN' || 100000000 + n || 'B', n, '2024-03-01 10:00+08' FROM generate_series(1, :patents) n;
INSERT INTO patent_status SELECT n, '2023-05-01', 'granted', '2024-03-01 10:00+08' FROM generate_series(1, :patents) n WHERE n % 10 < 9;
INSERT INTO patent_status
SELECT n, '2025-02-01', CASE n % 3 WHEN 0 THEN 'lapsed' ELSE 'granted' END, '2025-03-01 10:00+08'
FROM generate_series(1, :patents) n WHERE n % 6 = 0;
INSERT INTO patent_holding (patent_id, agency_id, held_since, change_seq, first_recorded_at, recorded_at)
SELECT n, 1 + (n % :agencies)::int, CASE WHEN n % 40 = 7 THEN date '2026-02-01' ELSE date '2024-02-01' END, nextval('change_seq'),
       '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :patents) n;
INSERT INTO patent_holding (patent_id, agency_id, held_since, change_seq, first_recorded_at, recorded_at)
SELECT n, 1 + ((n + 1) % :agencies)::int, '2024-02-01', nextval('change_seq'), '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :patents) n WHERE n % 30 = 0 AND :agencies > 1;

INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, industry, qualifications, affiliates, invented, change_seq,
    first_recorded_at, recorded_at)
SELECT 10000000 + n, pg_temp.code(n), pg_temp.firm(n), folded_name(pg_temp.firm(n)), CASE WHEN n % 11 = 0 THEN '350581' ELSE '350582' END,
       '制鞋', CASE WHEN n % 7 = 0 THEN '[]' ELSE jsonb_build_array(jsonb_build_object('kind', 'high_tech', 'certificate', 'GR' || n,
           'valid_from', '2023-11-01', 'valid_to', CASE WHEN n % 9 = 0 THEN '2025-06-30' ELSE '2026-10-31' END)) END,
       CASE WHEN n % 27 = 0 THEN ARRAY[pg_temp.firm(n + 1), pg_temp.firm(n + 7)] END, true, nextval('change_seq'),
       '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :enterprises) n;
INSERT INTO record_holding (record_id, agency_id, kind, held_since, change_seq, first_recorded_at, recorded_at)
SELECT 10000000 + n, 1 + ((n + k) % :agencies)::int, 'enterprise', '2024-02-01', nextval('change_seq'), '2024-03-01 10:00+08',
       '2024-03-01 10:00+08'
FROM generate_series(1, :enterprises) n CROSS JOIN generate_series(0, 1) k WHERE k = 0 OR n % 10 = 0 AND :agencies > 1;
INSERT INTO expert (expert_id, key, name, employer, fields, consent_date, invented, change_seq, first_recorded_at, recorded_at)
SELECT 20000000 + n, '林' || n || '/海丝理工大学', '林' || n, '海丝理工大学', ARRAY['高分子'], CASE WHEN n % 9 > 0 THEN date '2023-06-01' END,
       true, nextval('change_seq'), '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :agencies * 600) n;
INSERT INTO record_holding (record_id, agency_id, kind, held_since, change_seq, first_recorded_at, recorded_at)
SELECT 20000000 + n, 1 + (n % :agencies)::int, 'expert', '2024-02-01', nextval('change_seq'), '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :agencies * 600) n;
INSERT INTO institution (institution_id, uscc, name, kind, invented, change_seq, first_recorded_at, recorded_at)
SELECT 30000000 + n, '92350582MC' || lpad(n::text, 8, '0'), '砺知代理' || n, 'patent_agency', true, nextval('change_seq'),
       '2024-03-01 10:00+08', '2024-03-01 10:00+08'
FROM generate_series(1, :agencies * 90) n;
INSERT INTO record_holding (record_id, agency_id, kind, held_since, change_seq, first_recorded_at, recorded_at)
SELECT 30000000 + n, 1 + (n % :agencies)::int, 'institution', '2024-02-01', nextval('change_seq'), '2024-03-01 10:00+08',
       '2024-03-01 10:00+08'
FROM generate_series(1, :agencies * 90) n;

-- One need in twenty five repeats another of the same enterprise but for a word.
INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, valid_from, valid_to, state, invented, change_seq,
    first_recorded_at, recorded_at)
SELECT 40000000 + n, 1 + (n % :agencies)::int, 'N' || n, 10000001 + (CASE WHEN n % 21 = 0 THEN n - 1 ELSE n END) * 7 % :enterprises,
       '求购' || n - (n % 21 = 0)::int || '号' || (ARRAY['轻质鞋底','透气面料','防锈伞骨','净水滤膜'])[1 + (n - (n % 21 = 0)::int) % 4],
       '需要一种' || n - (n % 21 = 0)::int || '号用的' || (ARRAY['轻质耐磨的鞋底材料','透气防水的面料','防锈的伞骨部件','抗菌的净水滤膜'])[1 + (n - (n % 21 = 0)::int) % 4]
           || '，要求成本低、周期短、便于拆装' || CASE WHEN n % 21 = 0 THEN '。' ELSE '' END,
       '2024-03-01', CASE WHEN n % 6 = 0 THEN date '2024-12-31' END, 'submitted', true, nextval('change_seq'), '2024-03-05 10:00+08',
       '2024-03-05 10:00+08'
FROM generate_series(1, :needs) n;
INSERT INTO decision (agency_id, kind, key, verdict, decided_by, os_user, reason, effective, decided_at)
SELECT 1 + (n % :agencies)::int, 'need', 'N' || n, CASE WHEN n % 50 = 3 THEN 'reject' ELSE 'accept' END, '陈科', 'os', '核实', '2024-03-10',
       '2024-03-10 10:00+08'
FROM generate_series(1, :needs) n WHERE n % 12 > 0;

-- A push is of one of the agency's own patents. Half are accepted by the receiver, a third opened, one in twenty bounces.
CREATE TEMP TABLE sent AS
SELECT n, p AS patent_id, 1 + (p % :agencies)::int AS agency_id, 10000001 + pg_temp.salt(n, 3) % :enterprises AS enterprise_id,
       timestamptz '2024-04-01 10:00+08' + make_interval(mins => (n % 800000)::int) AS at,
       ('00000000-0000-4000-8000-' || lpad(to_hex(n::bigint * 7919), 12, '0'))::uuid AS push_id
FROM (SELECT n, 1 + pg_temp.salt(n, 1) * 997 % :patents AS p FROM generate_series(1, :pushes) n) g;
INSERT INTO push (patent_id, push_id, origin_patent_id, need_id, agency_id, enterprise_id, score, fit, probability, threshold, model, reasons,
    created_at, invented)
SELECT DISTINCT ON (s.patent_id, s.enterprise_id) s.patent_id, s.push_id, s.patent_id, 40000001 + s.n % :needs, s.agency_id,
       s.enterprise_id, 900, .8, .3, .5, 'm1', '[{"text": "鞋底", "kind": "word", "points": 900}]', s.at, true
FROM sent s ORDER BY s.patent_id, s.enterprise_id, s.n;
INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at, invented)
SELECT p.patent_id, p.push_id, p.agency_id, e.channel, e.event, p.created_at + e.after, true
FROM push p JOIN sent s ON s.push_id = p.push_id CROSS JOIN LATERAL (
    SELECT CASE WHEN s.n % 2 = 0 THEN 'webhook' ELSE 'smtp' END, v.event, v.after
    FROM (VALUES ('sent', interval '1 second', true), ('accepted', interval '2 seconds', s.n % 20 <> 7),
                 ('bounced', interval '3 seconds', s.n % 20 = 7 AND s.n % 2 = 1), ('opened', interval '1 day', s.n % 3 = 0)
         ) v (event, after, happens) WHERE v.happens) e (channel, event, after);
INSERT INTO declared_push (declared_push_id, agency_id, patent, enterprise_uscc, sent_date, channel, evidence, invented, change_seq,
    first_recorded_at, recorded_at)
SELECT 50000000 + n, 1 + (n % :agencies)::int, pg_temp.number(n * 17 % :patents + 1), pg_temp.code(1 + n * 3 % :enterprises), '2023-06-01', 'email',
       '{"file": "a.pdf"}', true, nextval('change_seq'), '2024-03-05 10:00+08', '2024-03-05 10:00+08'
FROM generate_series(1, :agencies * 200) n ON CONFLICT DO NOTHING;
INSERT INTO decision (agency_id, kind, key, verdict, decided_by, os_user, reason, effective, decided_at)
SELECT p.agency_id, 'declared_push', p.patent || '/' || p.enterprise_uscc, 'accept', '陈科', 'os', '核实', '2024-03-10', '2024-03-10 10:00+08'
FROM declared_push p WHERE p.declared_push_id % 7 > 0;

-- Every second deal follows a push of its patent to its buyer.
INSERT INTO deal (deal_id, agency_id, contract_number, registration_number, registration_date, mode, rights, seller, buyer, amount_fen,
    payments, contract_date, affiliated, led_by_agency, implemented_division, implemented_date, invented, change_seq, first_recorded_at,
    recorded_at)
SELECT 60000000 + n, s.agency_id, 'HT' || n, CASE WHEN n % 4 > 0 THEN 'JS' || n - (n % 500 = 1)::int * 20 END,
       CASE WHEN n % 4 > 0 THEN s.day + 20 END, (ARRAY['assignment','licence','open_licence','assignment'])[1 + n % 4],
       jsonb_build_array(jsonb_build_object('type', 'invention', 'office', 'CN', 'number', pg_temp.number(s.patent_id) || '.0')),
       jsonb_build_object('name', pg_temp.firm(CASE WHEN n % 19 = 0 THEN s.firm + 1 ELSE s.firm + 500 END), 'uscc',
           CASE WHEN n % 3 = 0 THEN pg_temp.code((CASE WHEN n % 19 = 0 THEN s.firm ELSE s.firm + 499 END) % :enterprises + 1) END),
       jsonb_build_object('name', pg_temp.firm(s.firm), 'uscc', pg_temp.code(s.firm)), 5000000 + n * 137 % 900000,
       jsonb_build_array(jsonb_build_object('date', s.day + 5, 'amount_fen', 2500000 + n), jsonb_build_object('date', s.day + 40,
           'amount_fen', 2000000)), s.day, CASE WHEN n % 7 > 0 THEN n % 30 = 5 END, n % 10 > 0,
       CASE WHEN n % 6 > 0 THEN '350582' END, s.day + 60, true, nextval('change_seq'), '2025-11-05 10:00+08', '2025-11-05 10:00+08'
FROM (SELECT g.n, s.patent_id, s.agency_id, CASE WHEN g.n % 2 = 0 THEN s.enterprise_id - 10000000 ELSE 1 + g.n * 11 % :enterprises END AS firm,
             (s.at + interval '10 days')::date AS day
      FROM generate_series(1, :deals) g (n) JOIN sent s ON s.n = g.n * (:pushes / :deals)) s;

INSERT INTO loan (loan_id, agency_id, contract_number, bank, borrower_uscc, granted_fen, drawn_date, rights, collateral, real_estate_credit_fen,
    invented, change_seq, first_recorded_at, recorded_at)
SELECT 70000000 + n, 1 + (n % :agencies)::int, 'L' || n, '晋江农商银行', pg_temp.code(1 + n * 7 % :enterprises), 90000000, '2024-05-06',
       '[{"type": "invention", "number": "CN202010000001.1"}]', CASE WHEN n % 3 = 0 THEN 'ip_and_real_estate' ELSE 'ip_only' END,
       40000000, true, nextval('change_seq'), '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :deals / 10) n;
INSERT INTO sale (sale_id, agency_id, invoice, client, amount_fen, date, service, invented, change_seq, first_recorded_at, recorded_at)
SELECT 71000000 + n, 1 + (n % :agencies)::int, 'F' || n, pg_temp.firm(n), 30000, date '2024-01-01' + (n % 600)::int, '代理', true,
       nextval('change_seq'), '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :deals) n;
INSERT INTO open_licence (open_licence_id, agency_id, patent, patentee, published_date, fee_terms, industry, invented, change_seq,
    first_recorded_at, recorded_at)
SELECT 72000000 + n, 1 + (n % :agencies)::int, pg_temp.number(n), '海丝理工大学', '2024-05-06', '每年一万元', '制鞋', true,
       nextval('change_seq'), '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :deals / 5) n;
INSERT INTO attorney (attorney_id, agency_id, practice_number, name, practising_from, contract_from, contract_to, service_from, invented,
    change_seq, first_recorded_at, recorded_at)
SELECT 73000000 + n, 1 + (n % :agencies)::int, 'P' || n / 2, '林' || n, '2020-01-01', '2023-01-01', '2025-12-31', '2023-06-01', true,
       nextval('change_seq'), '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :agencies * 50) n ON CONFLICT DO NOTHING; -- of two who share a number, where there is one agency
INSERT INTO success_case (case_id, agency_id, number, kind, client, succeeded_date, invented, change_seq, first_recorded_at, recorded_at)
SELECT 74000000 + n, 1 + (n % :agencies)::int, 'C' || n, 'litigation', pg_temp.firm(n), '2022-06-01', true, nextval('change_seq'),
       '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :agencies * 20) n;
INSERT INTO event (event_id, agency_id, key, name, kind, partner, announced_date, start, "end", attendance, invented, change_seq,
    first_recorded_at, recorded_at)
SELECT 75000000 + n, 1 + (n % :agencies)::int, '峰会' || n || '/2024-05-06', '知识产权峰会' || n, 'summit', '鞋业协会', '2024-04-20', '2024-05-06',
       '2024-05-07', 200, true, nextval('change_seq'), '2024-06-05 10:00+08', '2024-06-05 10:00+08'
FROM generate_series(1, :agencies * 10) n;
ANALYZE;
