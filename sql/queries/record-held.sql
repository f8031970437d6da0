-- Whether an agency holds a record of a register.
-- $1 text: kind; $2 bigint: the record's id; $3 int: agency
-- -> held: 1 or 0
SELECT (CASE $1
        WHEN 'patent' THEN EXISTS (SELECT FROM patent_holding h WHERE h.patent_id = $2::bigint AND h.agency_id = $3::int AND h.superseded_at IS NULL)
        ELSE EXISTS (SELECT FROM record_holding h WHERE h.record_id = $2::bigint AND h.agency_id = $3::int AND h.superseded_at IS NULL)
        END)::int::bigint AS held
