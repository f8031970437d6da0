-- 210 status: the legal status of patents on a day, and what an official had decided by then.

-- In force: the latest status_date not after the day; one without a date holds always, below every dated one; of several
-- recordings for one date the last, and a date whose last recording has no status was taken back. No row: status unknown.
CREATE OR REPLACE FUNCTION patent_status_at(as_of date, known_at timestamptz)
RETURNS TABLE (patent_id bigint, status text, status_date date) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (s.patent_id) s.patent_id, s.status, s.status_date
    FROM (SELECT DISTINCT ON (t.patent_id, t.status_date) t.patent_id, t.status_date, t.status
          FROM patent_status t
          WHERE t.recorded_at <= known_at AND (t.status_date IS NULL OR t.status_date <= as_of)
          ORDER BY t.patent_id, t.status_date, t.recorded_at DESC) s
    WHERE s.status IS NOT NULL
    ORDER BY s.patent_id, s.status_date DESC NULLS LAST
$$;

-- The decision in force of each key: the latest effective day wins, then the later decision.
CREATE OR REPLACE FUNCTION decision_at(wanted text, as_of date, known_at timestamptz)
RETURNS SETOF decision LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (d.agency_id, d.key) d.*
    FROM decision d
    WHERE d.kind = wanted AND d.effective <= as_of AND d.decided_at <= known_at
    ORDER BY d.agency_id, d.key, d.effective DESC, d.decided_at DESC, d.decision_id DESC
$$;

-- Patents may be decided on under any of their numbers.
CREATE OR REPLACE FUNCTION patent_decision_at(as_of date, known_at timestamptz)
RETURNS TABLE (agency_id int, patent_id bigint, verdict text, effective date, decided_at timestamptz, reason text, invented boolean)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (d.agency_id, a.patent_id)
        d.agency_id, a.patent_id, d.verdict, d.effective, d.decided_at, d.reason, d.invented
    FROM decision_at('patent', as_of, known_at) d JOIN patent_alias a ON a.number = d.key
    ORDER BY d.agency_id, a.patent_id, d.effective DESC, d.decided_at DESC, d.decision_id DESC
$$;

-- Why a decision leaves a fact out: null when it does not. `needed`: the kinds that count only once accepted.
CREATE OR REPLACE FUNCTION decision_reason(verdict text, kind text, needed jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE verdict WHEN 'reject' THEN 'rejected' WHEN 'withdraw' THEN 'withdrawn' WHEN 'accept' THEN NULL
                        ELSE CASE WHEN needed ? kind THEN 'not_accepted' END END
$$;

-- Made on a later day than the one from which it holds.
CREATE OR REPLACE FUNCTION decision_is_late(effective date, decided_at timestamptz, zone text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((decided_at AT TIME ZONE zone)::date > effective, false)
$$;

-- What can be decided on: lookup is a key by which it is found, key the one under which decisions are kept.
CREATE OR REPLACE FUNCTION decidable(wanted text, whose int)
RETURNS TABLE (record_id bigint, lookup text, key text) LANGUAGE sql STABLE AS $$
    SELECT n.need_id, n.source_id, n.source_id FROM need n WHERE wanted = 'need' AND n.agency_id = whose
    UNION ALL
    SELECT d.deal_id, d.contract_number, d.contract_number FROM deal d WHERE wanted = 'deal' AND d.agency_id = whose
    UNION ALL
    SELECT p.declared_push_id, b.number || '/' || p.enterprise_uscc, split_part(p.patent, '.', 1) || '/' || p.enterprise_uscc
    FROM declared_push p JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
        JOIN patent_alias b ON b.patent_id = a.patent_id
    WHERE wanted = 'declared_push' AND p.agency_id = whose
    UNION ALL
    SELECT t.open_licence_id, l.number, t.patent
    FROM open_licence t CROSS JOIN LATERAL ( -- under any of the patent's numbers, where it is known here
        SELECT t.patent UNION SELECT b.number FROM patent_alias a JOIN patent_alias b ON b.patent_id = a.patent_id
        WHERE a.number = t.patent) l (number)
    WHERE wanted = 'open_licence' AND t.agency_id = whose
    UNION ALL
    SELECT t.loan_id, t.contract_number, t.contract_number FROM loan t WHERE wanted = 'loan' AND t.agency_id = whose
    UNION ALL
    SELECT t.sale_id, t.invoice, t.invoice FROM sale t WHERE wanted = 'sale' AND t.agency_id = whose
    UNION ALL
    SELECT t.event_id, t.key, t.key FROM event t WHERE wanted = 'event' AND t.agency_id = whose
    UNION ALL
    SELECT t.navigation_project_id, t.key, t.key FROM navigation_project t WHERE wanted = 'navigation_project' AND t.agency_id = whose
    UNION ALL
    SELECT t.attorney_id, t.practice_number, t.practice_number FROM attorney t WHERE wanted = 'attorney' AND t.agency_id = whose
    UNION ALL
    SELECT t.case_id, t.number, t.number FROM success_case t WHERE wanted = 'case' AND t.agency_id = whose
    UNION ALL
    SELECT t.client_id, t.key, t.key FROM client t WHERE wanted = 'client' AND t.agency_id = whose
    UNION ALL
    SELECT t.platform_review_id, t.approval_number, t.approval_number FROM platform_review t WHERE wanted = 'platform_review' AND t.agency_id = whose
    UNION ALL
    SELECT h.patent_id, a.number, split_part(coalesce(p.application_number, p.publication_number), '.', 1)
    FROM patent_holding h JOIN patent p ON p.patent_id = h.patent_id JOIN patent_alias a ON a.patent_id = h.patent_id
    WHERE wanted = 'patent' AND h.agency_id = whose AND h.superseded_at IS NULL
    UNION ALL
    SELECT NULL, p.push_id::text, p.push_id::text FROM push p WHERE wanted = 'push' AND p.agency_id = whose
    UNION ALL
    SELECT e.enterprise_id, e.uscc, e.uscc FROM enterprise e JOIN record_holding h ON h.record_id = e.enterprise_id
    WHERE wanted = 'enterprise' AND h.agency_id = whose AND h.superseded_at IS NULL
    UNION ALL
    SELECT i.institution_id, i.uscc, i.uscc FROM institution i JOIN record_holding h ON h.record_id = i.institution_id
    WHERE wanted = 'institution' AND h.agency_id = whose AND h.superseded_at IS NULL
    UNION ALL
    SELECT x.expert_id, l.lookup, x.key
    FROM expert x JOIN record_holding h ON h.record_id = x.expert_id
        CROSS JOIN unnest(ARRAY[x.key, folded_name(h.source_id)]) l (lookup)
    WHERE wanted = 'expert' AND h.agency_id = whose AND h.superseded_at IS NULL AND l.lookup IS NOT NULL
$$;

-- What a batch brought, whether or not it was changed since.
CREATE OR REPLACE FUNCTION batch_record(wanted text, whose int, batch bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT n.need_id FROM need n WHERE wanted = 'need' AND n.agency_id = whose AND n.batch_id = batch
    UNION
    SELECT d.deal_id FROM deal d WHERE wanted = 'deal' AND d.agency_id = whose AND d.batch_id = batch
    UNION
    SELECT p.declared_push_id FROM declared_push p
    WHERE wanted = 'declared_push' AND p.agency_id = whose AND p.batch_id = batch
    UNION
    SELECT t.open_licence_id FROM open_licence t WHERE wanted = 'open_licence' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.loan_id FROM loan t WHERE wanted = 'loan' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.sale_id FROM sale t WHERE wanted = 'sale' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.event_id FROM event t WHERE wanted = 'event' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.navigation_project_id FROM navigation_project t WHERE wanted = 'navigation_project' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.attorney_id FROM attorney t WHERE wanted = 'attorney' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.case_id FROM success_case t WHERE wanted = 'case' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.client_id FROM client t WHERE wanted = 'client' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT t.platform_review_id FROM platform_review t WHERE wanted = 'platform_review' AND t.agency_id = whose AND t.batch_id = batch
    UNION
    SELECT v.record_id FROM fact_version v
    WHERE v.kind = wanted AND v.agency_id = whose AND (v.record ->> 'batch_id')::bigint = batch
    UNION
    SELECT h.patent_id FROM patent_holding h WHERE wanted = 'patent' AND h.agency_id = whose AND h.batch_id = batch
    UNION
    SELECT h.record_id FROM record_holding h WHERE h.kind = wanted AND h.agency_id = whose AND h.batch_id = batch
$$;

GRANT EXECUTE ON FUNCTION patent_status_at, decision_at, patent_decision_at, decision_reason, decision_is_late, decidable,
    batch_record TO patbridge_service, patbridge_across, patbridge_readonly;
