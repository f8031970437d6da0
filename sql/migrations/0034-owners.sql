-- 0034 owners: enterprises that list affiliates are found by the codes of contracts as these are written, and by names. What such a search
-- could miss has this index: codes that are not in capitals, names in which no ideograph or wide bracket is.
DROP INDEX enterprise_owner_odd;
CREATE INDEX enterprise_owner_odd ON enterprise (enterprise_id)
    WHERE cardinality(affiliates) > 0
        AND (uscc !~ '^[0-9A-Z]*$' OR name !~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$' OR octet_length(name) = length(name));
