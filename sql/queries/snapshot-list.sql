-- The snapshots, in their order.
-- -> number, policy, version int, as_of, taken_at, lines text, previous, digest, public_key, signature text
SELECT snapshot_id::text AS number, policy_id AS policy, version, as_of,
       to_char(taken_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS taken_at, lines::text AS lines, previous, digest,
       public_key, signature
FROM snapshot ORDER BY snapshot_id
