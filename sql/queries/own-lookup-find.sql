-- Which patent a number leads to. It stays so until the transaction ends: merging moves numbers first, then look-ups.
-- $1 text: a number in normal form
-- -> patent_id bigint
SELECT patent_id FROM patent_alias WHERE number = $1 FOR SHARE
