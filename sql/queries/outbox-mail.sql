-- The mail that went out for a push.
-- $1 uuid: the push
-- -> outbox_id, push_id, patent_id, agency_id, endpoint_id, channel, enterprise (its name), secret_sealed (hex), disabled
SELECT o.outbox_id, o.push_id, o.patent_id, o.agency_id, o.endpoint_id, o.channel, e.name AS enterprise,
       encode(p.secret_sealed, 'hex') AS secret_sealed, p.disabled_at IS NOT NULL AS disabled
FROM outbox o
JOIN enterprise e ON e.enterprise_id = o.enterprise_id
JOIN endpoint p ON p.endpoint_id = o.endpoint_id
WHERE o.push_id = $1::uuid AND o.channel = 'email'
  AND EXISTS (SELECT FROM attempt a WHERE a.outbox_id = o.outbox_id)
FOR UPDATE OF o
