-- An enterprise that the agency of this transaction holds.
-- $1 text: its credit code
-- -> bigint
SELECT e.enterprise_id FROM enterprise e
WHERE e.uscc = $1::text AND EXISTS (SELECT FROM record_holding h WHERE h.record_id = e.enterprise_id AND h.superseded_at IS NULL)
