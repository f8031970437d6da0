-- Keeps a snapshot.
-- $1 bigint: number; $2 text: policy; $3 int: version; $4 date: as of; $5 timestamptz: known at; $6 timestamptz: taken at;
-- $7 bigint: lines; $8 text: digest of the one before; $9 text: digest; $10 text: public key; $11 text: signature
INSERT INTO snapshot (snapshot_id, policy_id, version, as_of, known_at, taken_at, lines, previous, digest, public_key, signature)
VALUES ($1::bigint, $2, $3::int, $4::date, $5::timestamptz, $6::timestamptz, $7::bigint, $8, $9, $10, $11)
