-- Forgets pairs that were made of texts that no longer stand.
-- -> one row a pair
DELETE FROM need_pair p USING need a, need b
WHERE a.need_id = p.need_id AND b.need_id = p.other_id AND (a.change_seq <> p.need_seq OR b.change_seq <> p.other_seq)
RETURNING p.need_id
