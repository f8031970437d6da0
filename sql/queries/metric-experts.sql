-- A page of the rows behind the figure "experts": counted, or with the reason why not.
-- $1 jsonb: what the pack says (views/300-metric.sql); $2 date: as of; $3 timestamptz: known at; $4 int: the agency, 0 for all;
-- $5 int, $6 text: agency and key of the last row that was read before (0 and '' for the first page); $7 int: how many at most
-- -> agency_id int, agency, key, label, whose text, claimed_date date, recorded_at text, batch text, documents jsonb, counted,
--    literal boolean, reason text, reasons, detail jsonb, invented, late, unknown, open boolean
SELECT m.agency_id, a.code AS agency, m.key, m.label, m.whose, m.claimed_date,
       to_char(m.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS recorded_at, m.batch_id::text AS batch,
       m.documents, m.counted, m.literal, m.reasons[1] AS reason, to_jsonb(m.reasons) AS reasons, m.detail, m.invented, m.late,
       m.unknown, m.open
FROM metric_experts($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0)) m JOIN agency a ON a.agency_id = m.agency_id
WHERE (m.agency_id, m.key COLLATE "C") > ($5::int, $6::text)
ORDER BY CASE WHEN $4::int = 0 THEN m.agency_id END, m.key COLLATE "C" -- of one agency by the key alone
LIMIT $7::int
