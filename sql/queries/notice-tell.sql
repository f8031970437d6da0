-- Tells those who listen that something of a kind was changed, once this transaction commits.
-- $1 text: the topic
SELECT pg_notify('patbridge', $1)
