-- What there is about a record: the newest of each.
-- $1 text: kind, patent, enterprise, institution, expert or need; $2 bigint: its id; $3 text: the key under which papers of it are kept;
-- $4 int: the agency, 0 for every one; $5 int: how many of each at most
-- -> leads, pushes, answers, deals, documents, follow_ups jsonb
SELECT
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT l.patent_id::text || '-' || l.need_id::text AS lead, l.state, l.fit, coalesce(p.application_number, p.publication_number) AS patent,
               p.title AS patent_title, n.source_id AS need, n.title AS need_title, e.name AS enterprise, l.proposed_at AS at
        FROM lead l JOIN patent p ON p.patent_id = l.patent_id JOIN need n ON n.need_id = l.need_id
        JOIN enterprise e ON e.enterprise_id = n.enterprise_id
        WHERE ($4::int = 0 OR l.agency_id = $4::int)
          AND (($1::text = 'patent' AND l.patent_id = $2::bigint) OR ($1::text = 'need' AND l.need_id = $2::bigint)
               OR ($1::text = 'enterprise' AND n.enterprise_id = $2::bigint))
        ORDER BY l.fit DESC, l.patent_id, l.need_id LIMIT $5::int) x) AS leads,
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT u.push_id, u.patent_id::text || '-' || u.need_id::text AS lead, coalesce(p.application_number, p.publication_number) AS patent,
               p.title AS patent_title, n.source_id AS need, n.title AS need_title, e.name AS enterprise, u.created_at AS at
        FROM push u JOIN patent p ON p.patent_id = u.patent_id JOIN need n ON n.need_id = u.need_id
        JOIN enterprise e ON e.enterprise_id = u.enterprise_id
        WHERE ($4::int = 0 OR u.agency_id = $4::int)
          AND (($1::text = 'patent' AND u.patent_id = $2::bigint) OR ($1::text = 'need' AND u.need_id = $2::bigint)
               OR ($1::text = 'enterprise' AND u.enterprise_id = $2::bigint))
        ORDER BY u.created_at DESC, u.push_id LIMIT $5::int) x) AS pushes,
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT b.patent_id::text || '-' || b.need_id::text AS lead, b.answer, b.because, b.note, e.name AS enterprise, b.given_by AS by, b.at
        FROM feedback b JOIN enterprise e ON e.enterprise_id = b.enterprise_id
        WHERE ($4::int = 0 OR b.agency_id = $4::int)
          AND (($1::text = 'patent' AND b.patent_id = $2::bigint) OR ($1::text = 'need' AND b.need_id = $2::bigint)
               OR ($1::text = 'enterprise' AND b.enterprise_id = $2::bigint))
        ORDER BY b.at DESC, b.feedback_id LIMIT $5::int) x) AS answers,
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT d.contract_number, d.mode, d.amount_fen, d.contract_date, d.registration_number, d.registration_date,
               d.seller ->> 'name' AS seller, d.buyer ->> 'name' AS buyer, d.contract_date AS at
        FROM deal d
        WHERE ($4::int = 0 OR d.agency_id = $4::int)
          AND (($1::text = 'patent' AND d.deal_id IN (
                   SELECT r.deal_id FROM deal_right r WHERE r.patent_id = $2::bigint))
               OR ($1::text IN ('enterprise', 'institution') AND $3::text IN (d.buyer ->> 'uscc', d.seller ->> 'uscc'))
               OR ($1::text = 'need' AND d.contract_number IN (SELECT f.deal FROM follow_up f WHERE f.need_id = $2::bigint)))
        ORDER BY d.contract_date DESC, d.deal_id LIMIT $5::int) x) AS deals,
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT d.name, d.paper, d.sha256, d.size, d.attached_by AS by, d.attached_at AS at
        FROM document d
        WHERE ($4::int = 0 OR d.agency_id = $4::int) AND d.kind = $1::text AND d.key = $3::text
        ORDER BY d.document_id LIMIT $5::int) x) AS documents,
    (SELECT coalesce(jsonb_agg(x), '[]') FROM (
        SELECT f.patent_id::text || '-' || f.need_id::text AS lead, f.stage, f.due, f.deal, f.changed_by AS by, f.changed_at AS at
        FROM follow_up f
        WHERE ($4::int = 0 OR f.agency_id = $4::int)
          AND (($1::text = 'patent' AND f.patent_id = $2::bigint) OR ($1::text = 'need' AND f.need_id = $2::bigint)
               OR ($1::text = 'enterprise' AND f.need_id IN (SELECT n.need_id FROM need n WHERE n.enterprise_id = $2::bigint)))
        ORDER BY f.changed_at DESC LIMIT $5::int) x) AS follow_ups
