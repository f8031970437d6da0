-- 340 metric_pushes: one row per push, of this system or declared from before it.

-- The pushes of an agency (null: every one's), of the patents in `patents` (null: of all). delivered_on: the day from which it is one that counts (accepted by a receiver's own endpoint, opened,
-- answered; of a declared push the day that it claims); reasons: all that speaks against it but the window.
DROP FUNCTION IF EXISTS push_delivery(jsonb, date, timestamptz);
DROP FUNCTION IF EXISTS push_delivery(jsonb, date, timestamptz, int, bigint[]);
CREATE OR REPLACE FUNCTION push_delivery(pack jsonb, as_of date, known_at timestamptz, agency int, patents bigint[])
RETURNS TABLE (agency_id int, key text, patent_id bigint, patent text, title text, enterprise_uscc text, enterprise text,
    sent_on date, delivered_on date, state text, declared boolean, recorded_at timestamptz, batch_id bigint, documents jsonb,
    why jsonb, score bigint, fit float8, threshold float8, model text, evidence jsonb, decision text, invented boolean, late boolean,
    reasons text[]) LANGUAGE sql STABLE AS $$
    WITH on_channel AS ( -- what had happened when the day was over, by channel
        SELECT e.patent_id, e.push_id, e.channel, bool_or(e.invented) AS invented,
               min(e.at) FILTER (WHERE e.event = 'sent') AS sent, min(e.at) FILTER (WHERE e.event = 'accepted') AS accepted,
               min(e.at) FILTER (WHERE e.event = 'opened') AS opened, min(e.at) FILTER (WHERE e.event = 'answered') AS answered,
               min(e.at) FILTER (WHERE e.event = 'bounced') AS bounced, min(e.at) FILTER (WHERE e.event = 'failed') AS failed
        FROM push_event e
        WHERE e.at <= known_at AND e.at < day_over(as_of, pack ->> 'time_zone') AND (agency IS NULL OR e.agency_id = agency)
            AND (patents IS NULL OR e.patent_id = ANY (patents))
        GROUP BY e.patent_id, e.push_id, e.channel
    ), happened AS ( -- a bounce takes back that the channel accepted it
        SELECT c.patent_id, c.push_id, bool_or(c.invented) AS invented, min(c.sent) AS sent,
               min(c.accepted) FILTER (WHERE c.bounced IS NULL) AS accepted, min(c.opened) AS opened, min(c.answered) AS answered,
               min(c.bounced) AS bounced, min(c.failed) AS failed,
               -- of a platform or a mail relay nobody hears more than that it took the message: where the pack lets it do, that is it
               least(min(CASE WHEN c.channel = 'webhook' THEN c.accepted ELSE least(c.accepted, c.sent) END)
                         FILTER (WHERE c.bounced IS NULL AND pack -> 'push_accepting_channels' ? c.channel),
                     min(c.opened) FILTER (WHERE (pack ->> 'push_opened_counts')::boolean),
                     min(c.answered) FILTER (WHERE (pack ->> 'push_answered_counts')::boolean)) AS delivered
        FROM on_channel c GROUP BY c.patent_id, c.push_id
    ), sent AS (
        SELECT p.agency_id, p.push_id::text AS key, p.patent_id, e.uscc, e.name AS enterprise,
               (coalesce(h.sent, p.created_at) AT TIME ZONE (pack ->> 'time_zone'))::date AS sent_on,
               (h.delivered AT TIME ZONE (pack ->> 'time_zone'))::date AS delivered_on,
               CASE WHEN h.answered IS NOT NULL THEN 'answered' WHEN h.opened IS NOT NULL THEN 'opened'
                    WHEN h.accepted IS NOT NULL THEN 'accepted' WHEN h.bounced IS NOT NULL THEN 'bounced'
                    WHEN h.failed IS NOT NULL THEN 'failed' WHEN h.sent IS NOT NULL THEN 'sent' ELSE 'waiting' END AS state,
               false AS declared, p.created_at AS recorded_at, NULL::bigint AS batch_id, '[]'::jsonb AS documents,
               p.reasons AS why, p.score, p.fit, p.threshold, p.model, NULL::jsonb AS evidence,
               p.invented OR coalesce(h.invented, false) OR coalesce(e.invented, false) AS invented, false AS late, 'push' AS kind,
               p.reasons <> '[]' AS has_reason, true AS in_time
        FROM push p LEFT JOIN happened h ON h.patent_id = p.patent_id AND h.push_id = p.push_id
            LEFT JOIN enterprise e ON e.enterprise_id = p.enterprise_id
        WHERE p.created_at <= known_at AND (agency IS NULL OR p.agency_id = agency)
            AND (patents IS NULL OR p.patent_id = ANY (patents))
        UNION ALL
        SELECT p.agency_id, split_part(p.patent, '.', 1) || '/' || p.enterprise_uscc, a.patent_id, p.enterprise_uscc, e.name,
               p.sent_date, p.sent_date, 'declared', true, p.recorded_at, p.batch_id, p.documents,
               NULL, NULL, NULL, NULL, NULL, jsonb_build_object('channel', p.channel, 'evidence', p.evidence), p.invented OR coalesce(e.invented, false),
               NOT EXISTS (SELECT FROM declared_push_at(day_over(as_of, pack ->> 'time_zone') - interval '1 microsecond') t
                           WHERE t.declared_push_id = p.declared_push_id AND t.sent_date = p.sent_date),
               'declared_push', true, true
        FROM declared_push_at(known_at) p LEFT JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
            LEFT JOIN enterprise e ON e.uscc = p.enterprise_uscc
        WHERE (agency IS NULL OR p.agency_id = agency) AND (patents IS NULL OR a.patent_id = ANY (patents))
    ), decided AS (
        SELECT s.*, d.verdict, d.effective, d.decided_at, d.reason AS decision, coalesce(d.invented, false) AS decision_invented,
               decision_reason(d.verdict, s.kind, pack -> 'accepted_kinds') AS decision_reason
        FROM sent s LEFT JOIN (SELECT * FROM decision_at('push', as_of, known_at) o WHERE agency IS NULL OR o.agency_id = agency
                               UNION ALL
                               SELECT * FROM decision_at('declared_push', as_of, known_at) o
                               WHERE agency IS NULL OR o.agency_id = agency) d
            ON d.agency_id = s.agency_id AND d.kind = s.kind AND d.key = s.key
    ), ranked AS ( -- not sent before: the first that reached the enterprise's channel and that no official took out
        SELECT d.*, row_number() OVER (PARTITION BY d.agency_id, d.patent_id, d.uscc, d.real ORDER BY d.sent_on, d.recorded_at, d.key)
                   AS place
        FROM (SELECT c.*, c.decision_reason IS NULL AND c.state NOT IN ('bounced', 'failed', 'waiting') AS real FROM decided c) d
    )
    SELECT r.agency_id, r.key, r.patent_id, coalesce(p.application_number, p.publication_number), p.title, r.uscc, r.enterprise,
           r.sent_on, r.delivered_on, r.state, r.declared, r.recorded_at, r.batch_id, r.documents,
           r.why, r.score, r.fit, r.threshold, r.model, r.evidence, r.decision,
           r.invented OR r.decision_invented OR coalesce(p.invented, false),
           r.late OR decision_is_late(r.effective, r.decided_at, pack ->> 'time_zone'),
           array_remove(ARRAY[
               CASE WHEN r.sent_on > as_of THEN 'after_day' END,
               r.decision_reason,
               CASE WHEN r.real AND r.place > 1 THEN 'sent_before' END,
               CASE WHEN NOT r.has_reason THEN 'no_stated_reason' END,
               CASE WHEN r.delivered_on IS NOT NULL THEN NULL WHEN r.state IN ('bounced', 'failed', 'waiting') THEN r.state
                    ELSE 'not_opened' END
           ], NULL)
    FROM ranked r LEFT JOIN patent p ON p.patent_id = r.patent_id
$$;

-- The rows of the metric; patents: of pushes of these patents alone (null: of all).
CREATE OR REPLACE FUNCTION metric_pushes_of(pack jsonb, as_of date, known_at timestamptz, agency int, patents bigint[])
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT d.*, CASE WHEN d.sent_on < (pack ->> 'from')::date THEN ARRAY['before_window'] || d.reasons ELSE d.reasons END AS speaks
        FROM push_delivery(pack, as_of, known_at, agency, patents) d
        OFFSET 0 -- the reasons are reckoned once for each row
    ), told AS ( -- of most rows at one go: each object that is joined to another costs as much as the rest of a row
        SELECT c.*,
               CASE WHEN c.declared THEN c.evidence || jsonb_build_object('state', c.state, 'delivered', c.delivered_on, 'tier', 'declared')
                    WHEN c.delivered_on IS NULL THEN jsonb_build_object('reasons', c.why, 'score', c.score, 'fit', c.fit,
                        'threshold', c.threshold, 'model', c.model, 'state', c.state, 'tier', 'system')
                    ELSE jsonb_build_object('reasons', c.why, 'score', c.score, 'fit', c.fit, 'threshold', c.threshold,
                        'model', c.model, 'state', c.state, 'delivered', c.delivered_on, 'tier', 'system') END AS detail
        FROM candidate c
    )
    SELECT t.agency_id, t.key, concat_ws(' ', t.patent, t.title), coalesce(t.enterprise, t.enterprise_uscc), t.sent_on,
           t.recorded_at, t.batch_id, t.documents, t.speaks = '{}', t.speaks = '{}', t.speaks,
           CASE WHEN t.decision IS NULL THEN t.detail ELSE t.detail || jsonb_build_object('decision', t.decision) END,
           t.invented, t.late, false, false
    FROM told t
$$;

CREATE OR REPLACE FUNCTION metric_pushes(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_pushes_of(pack, as_of, known_at, agency, NULL)
$$;

-- The deliveries of push_delivery() by a plan made for these patents and this agency.
CREATE OR REPLACE FUNCTION push_delivery_of(pack jsonb, as_of date, known_at timestamptz, agency int, patents bigint[])
RETURNS TABLE (agency_id int, patent_id bigint, enterprise_uscc text, delivered_on date, key text, invented boolean, late boolean)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT d.agency_id, d.patent_id, d.enterprise_uscc, d.delivered_on, d.key, d.invented, d.late '
        'FROM push_delivery($1, $2, $3, $4, $5) d WHERE d.reasons = ''{}'''
    USING pack, as_of, known_at, agency, patents;
END
$$;

GRANT EXECUTE ON FUNCTION push_delivery, push_delivery_of, metric_pushes, metric_pushes_of TO patbridge_service, patbridge_across, patbridge_readonly;
