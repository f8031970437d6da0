-- Where the database stands, for an agency's index: read before its patents are, so that what comes between is read again.
-- $1 int: the agency; $2 bigint: an entry of the ledger
-- -> latest bigint: the latest change of a patent; removals bigint: grows when patents are taken back or found to be others;
--    database, ledger, entry text: digests of the ledger's first and latest entries, and of the entry asked for;
--    ledger_seq bigint: the latest
SELECT greatest(
           coalesce((SELECT max(change_seq) FROM patent_holding WHERE agency_id = $1::int AND superseded_at IS NULL), 0),
           coalesce((SELECT max(change_seq) FROM patent), 0)) AS latest,
       (SELECT count(*) FROM batch_undo WHERE agency_id = $1::int)
           + (SELECT count(*) FROM patent WHERE merged_into IS NOT NULL) AS removals,
       (SELECT digest FROM ledger WHERE seq = 1) AS database,
       l.digest AS ledger, coalesce(l.seq, 0) AS ledger_seq,
       (SELECT digest FROM ledger WHERE seq = $2::bigint) AS entry
FROM (SELECT 1) one
LEFT JOIN (SELECT seq, digest FROM ledger ORDER BY seq DESC LIMIT 1) l ON true
