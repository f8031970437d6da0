-- Agencies that held both: gathered when the first of the two was, with the words of both; those of a publication go before
-- those of none. (The agency that loads gets its words by the exact ranks, from the loader.)
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
UPDATE patent_holding k SET
    held_since = least(k.held_since, o.held_since),
    first_recorded_at = least(k.first_recorded_at, o.first_recorded_at),
    extra = CASE WHEN coalesce(o.extra #>> '{_from,*}', '') > coalesce(k.extra #>> '{_from,*}', '')
                 THEN k.extra || o.extra ELSE o.extra || k.extra END
FROM patent_holding o
WHERE k.patent_id = $1::bigint AND o.patent_id = $2::bigint AND o.agency_id = k.agency_id
  AND k.superseded_at IS NULL AND o.superseded_at IS NULL
