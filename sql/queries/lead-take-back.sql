-- Takes back what somebody decided at one moment, as long as it may be.
-- $1 int: the agency, 0 for every one; $2 text: who; $3 timestamptz: when it was decided; $4 timestamptz: now; $5 bigint: change_seq
-- -> lead text (PATENTID-NEEDID), one row each
UPDATE lead
SET state = 'proposed', decided_at = NULL, decided_by = NULL, decision_reason = NULL, held_until = NULL, change_seq = $5::bigint
WHERE ($1::int = 0 OR agency_id = $1::int) AND decided_by = $2::text AND decided_at = $3::timestamptz
  AND state IN ('accepted', 'rejected') AND held_until > $4::timestamptz
RETURNING patent_id::text || '-' || need_id::text AS lead
