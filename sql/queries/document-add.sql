-- Records a paper; the same one is recorded once.
-- $1 int: agency; $2 text: kind; $3 text: key; $4 text: which paper, or null; $5 text: the file's name; $6 text: SHA-256;
-- $7 bigint: size; $8 text: by whom; $9 text: the operating system's user; $10 timestamptz: now
-- -> document_id text, one row when it is new
INSERT INTO document (document_id, agency_id, kind, key, paper, name, sha256, size, attached_by, os_user, attached_at)
SELECT nextval('record_id'), $1::int, $2, $3, $4::text, $5, $6, $7::bigint, $8, $9, $10::timestamptz
WHERE NOT EXISTS (SELECT FROM document d WHERE d.agency_id = $1::int AND d.kind = $2 AND d.key = $3
                      AND d.paper IS NOT DISTINCT FROM $4::text AND d.sha256 = $6)
RETURNING document_id::text
