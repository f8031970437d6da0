-- 220 deal_right: one row for each right of a contract; patent_id where its number is known here.
DROP VIEW IF EXISTS deal_right CASCADE;
CREATE VIEW deal_right WITH (security_invoker = true) AS
SELECT d.deal_id, d.agency_id, d.contract_number, r.place, r.item ->> 'type' AS type, r.item ->> 'office' AS office,
       r.item ->> 'number' AS number, a.patent_id
FROM deal d CROSS JOIN jsonb_array_elements(d.rights) WITH ORDINALITY r (item, place)
    LEFT JOIN patent_alias a ON a.number = split_part(r.item ->> 'number', '.', 1);
GRANT SELECT ON deal_right TO patbridge_service, patbridge_across, patbridge_readonly;
